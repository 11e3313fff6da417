"""Debian's Chromium, started so that it talks to nobody but the page under test."""

from playwright.sync_api import Browser, BrowserType, ViewportSize

PHONE = ViewportSize(width=360, height=700)
EXECUTABLE = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def start(chromium: BrowserType, *more: str) -> Browser:
    return chromium.launch(executable_path=EXECUTABLE, args=[*QUIET, *more])
