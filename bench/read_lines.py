"""Run by the Python of either side: reads the lines of a file with its model, one at a time; tells what and how fast.

python read_lines.py MODEL LINES.json RESULT.json
"""

import asyncio
import json
import sys
import time
from pathlib import Path

FALLBACK = "nlu_fallback"
WARM_UP = 20


async def read(model: str, lines: list[str]) -> dict[str, object]:
    from rasa.core.agent import Agent  # noqa: PLC0415 - its time is not that of reading
    from rasa.core.channels.channel import UserMessage  # noqa: PLC0415 - as above

    processor = Agent.load(model_path=model).processor
    told, milliseconds = [], []
    for number, line in enumerate([*lines[:WARM_UP], *lines]):
        begun = time.perf_counter()
        parsed = await processor.parse_message(UserMessage(line, metadata={}))
        if number >= min(WARM_UP, len(lines)):
            milliseconds.append(1000 * (time.perf_counter() - begun))
            names = [intent["name"] for intent in parsed.get("intent_ranking") or [parsed["intent"]]]
            told.append(next((name for name in names if name != FALLBACK), FALLBACK))
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return {"told": told, "milliseconds": milliseconds, "resident_mb": resident / 1024}


if __name__ == "__main__":
    model, lines, result = sys.argv[1:]
    texts = json.loads(Path(lines).read_text(encoding="utf-8"))
    Path(result).write_text(json.dumps(asyncio.run(read(model, texts))), encoding="utf-8")
