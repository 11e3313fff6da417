"""Conversations and locks are tested on every engine."""

from tests.store.conftest import kept

__all__ = ["kept"]
