"""Providers: the sources that can fill fields of a row."""
