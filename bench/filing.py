"""`python -m bench.filing`: how long sending a report takes (Argon2id, sealing, the commit), beside other turns."""

import asyncio
import dataclasses
import statistics
import tempfile
import time
import uuid
from pathlib import Path

from bot.casework.keyring import Keyring
from bot.engine.guide import Guide
from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.settings import Settings

REPORTS = 200
WAY = ("need_report_discrimination", "safe_yes", "role_self", None, "report_done", "report_to_consents", "read_yes",
       "reply_yes", "forward_no", "contact_receipt_only")  # fmt: skip
WORDS = "My landlord said no when he heard my name. " * 40


async def say(guide: Guide, token: str, button: str | None) -> float:
    begun = time.perf_counter()
    said = {"button": button} if button else {"text": WORDS}
    await guide.say(token, uuid.uuid4().hex, **said)
    return (time.perf_counter() - begun) * 1_000


async def measure(guide: Guide) -> tuple[list[float], list[float]]:
    """Milliseconds of each sending, and of every turn before it."""
    await Keyring(guide.store).make_first()
    sent, others = [], []
    for _ in range(REPORTS):
        token, _reply = await guide.begin("en")
        others += [await say(guide, token, button) for button in WAY]
        sent.append(await say(guide, token, "report_send"))
    return sent, others


def main() -> None:
    configure_logs("WARNING")
    with tempfile.TemporaryDirectory() as var:
        settings = dataclasses.replace(Settings(), var=Path(var))
        guide = Guide(settings, train_if_needed(settings))
        for name, taken in zip(("sending", "another turn"), asyncio.run(measure(guide)), strict=True):
            steps = statistics.quantiles(taken, n=20)
            print(f"{name}: p50 {steps[9]:.1f} ms, p95 {steps[18]:.1f} ms, {len(taken)} times")
        guide.close()


if __name__ == "__main__":
    main()
