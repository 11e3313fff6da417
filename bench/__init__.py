"""Vejviser and stock Rasa measured beside each other, in one run, on the same messages and conversations."""

import os

ENVIRONMENT = dict(os.environ)
"""As the benchmark was called: importing `bot` sets how many threads it uses, which must not reach the stock side."""
