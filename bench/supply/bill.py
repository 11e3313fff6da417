"""The bill of materials: what uv writes of the lock (CycloneDX 1.5, with hashes), and the licences beside it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.supply.licences import Licences
from bench.supply.lock import Package
from bot.settings import ROOT

UV = ROOT / ".tools" / "uv" / "bin" / "uv"


def write_bill(path: Path, served: Mapping[str, Package]) -> int:
    """Write it; how many components it holds. Raises OSError or CalledProcessError where uv cannot write one."""
    command = [UV, "export", "--frozen", "--no-default-groups", "--format", "cyclonedx1.5", "-q"]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    bill: dict[str, Any] = json.loads(written)
    licences = Licences.of()
    for component in bill["components"]:
        expression = licences.expression_of(component["name"])
        if expression:
            component["licenses"] = [{"expression": expression}]
        if component["name"] in served and served[component["name"]].is_local:
            component["description"] = "lies in this repository (a stand-in: holds none of the code of that name)"
        if component["name"] in licences.bundled:
            note = {"name": "vejviser:bundled", "value": licences.bundled[component["name"]]}
            component["properties"] = [*component.get("properties", ()), note]
    path.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(bill["components"])
