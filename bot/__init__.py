"""Vejviser: guides people who are new in Copenhagen."""

import os

# Before any library loads OpenMP, which reads this once: threads that wait by spinning took 1,200 ms a message on two
# busy cores, threads that sleep 80 ms.
os.environ.setdefault("OMP_NUM_THREADS", str(min(2, os.cpu_count() or 1)))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
