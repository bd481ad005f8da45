"""The engine: plans a job, runs its cells down their waterfalls, and writes the values back."""
