"""Words: which languages there are, what is said in each, in which direction, and in what state."""
