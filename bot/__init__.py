"""Vejviser: guides people who are new in Copenhagen."""

import os

# Before any library loads OpenMP, which reads this once. Two threads wait for each other 70 times a message: an
# embedding takes 17 ms instead of 27 on two quiet cores, and 60 to 300 where one of them is busy
# (docs/decisions/understanding.md).
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
