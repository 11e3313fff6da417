"""Fills an empty store with invented years, from a seed; `vejviser simulate` alone uses it (docs/simulation.md)."""
