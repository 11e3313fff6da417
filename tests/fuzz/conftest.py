"""The clients of the web's tests."""

from tests.web.conftest import chat, client

__all__ = ["chat", "client"]
