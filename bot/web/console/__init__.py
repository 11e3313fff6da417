"""The staff console: the only process in which a key is ever open."""
