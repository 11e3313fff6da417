"""Debian's Chromium, started so that it talks to nobody but the page under test."""

import os

from playwright.sync_api import Browser, BrowserType, ViewportSize

PHONE = ViewportSize(width=360, height=700)
EXECUTABLES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""Both are Debian's, of one source; the first lacks the browser's own windows, and takes two fifths of the time."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def start(chromium: BrowserType, *more: str) -> Browser:
    return chromium.launch(executable_path=next(filter(os.path.exists, EXECUTABLES)), args=[*QUIET, *more])
