"""Vejviser: guides people who are new in Copenhagen."""

import os

# Before any library reads these, which each does once. One thread a message: residents share the processors.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
