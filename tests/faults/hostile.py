"""Code that nobody asked for: a model file names it, and it tells where it is loaded; nothing else imports it."""

import os
from pathlib import Path

MARK = "HOSTILE_MARK"
if os.environ.get(MARK):
    Path(os.environ[MARK]).touch()


class Part:
    """What a graph, a policy or a slot may name."""
