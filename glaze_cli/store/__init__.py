"""The store: one SQLite file that knows every job, cell, answer and cent. All SQL is in this room."""
