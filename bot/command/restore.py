"""`vejviser restore`: beside what makes backups (backup.py)."""

from bot.command.backup import restore

__all__ = ["restore"]
