"""What people and programs see of a job: listeners of its events, and reports of its document."""
