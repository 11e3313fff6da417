"""What may be logged: names of events and a few numbers; never text, slots, trackers or frames."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "milliseconds", "error", "action", "where", "count", "model", "port", "seq", "hash"}
)
"""Keys that pass. Everything else is dropped at every level, Rasa's events too: some carry whole messages."""

log: Any = structlog.get_logger("vejviser")


def configure_logs(level: str = "INFO") -> None:
    """Logs to standard error. Rasa and other libraries keep their level and place, and lose their words."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
            only_allowed,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is then: a test's own may be closed by now
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Wordless())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(capture=True)


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


class Wordless(logging.Formatter):
    """A library's record without its message: libraries put what people write into theirs."""

    def format(self, record: logging.LogRecord) -> str:
        error = f" error={record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        return f"level={record.levelname.lower()} where={record.name}:{record.lineno}{error}"
