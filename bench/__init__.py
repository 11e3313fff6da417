"""Vejviser and stock Rasa measured beside each other, in one run, on the same messages and conversations."""
