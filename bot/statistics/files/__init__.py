"""Releases as files: for people, for spreadsheets and for programs."""

from bot.statistics.files.writing import write, write_targets

__all__ = ["write", "write_targets"]
