"""Fields: what a header means, and the normal form of an input."""
