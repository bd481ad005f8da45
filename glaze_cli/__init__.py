"""Glaze: fill in a spreadsheet from data sources, from a terminal."""

__version__ = "0.1.0"
