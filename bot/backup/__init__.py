"""Keeps the store elsewhere and brings it back: sealed, read back before it counts, the same for every engine."""
