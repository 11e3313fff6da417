"""Makes a backup onto a disk of 64 kB, in a mount namespace of its own (test_making.py)."""

import os
import subprocess
import sys
from pathlib import Path

from bot.command.main import main


def run(var: Path, folder: Path) -> int:
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    os.environ["VEJVISER_VAR"] = str(var)
    assert main(["backup", "key"]) == 0
    code = main(["backup", "make", "--to", str(disk)])
    assert not list(disk.iterdir())
    return code


if __name__ == "__main__":
    sys.exit(run(*map(Path, sys.argv[1:])))
