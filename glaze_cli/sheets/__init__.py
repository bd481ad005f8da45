"""Sheets: reading a user's file, and splicing values into it without touching anything else."""
