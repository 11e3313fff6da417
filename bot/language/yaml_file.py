"""Reading a YAML file."""

from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML mapping read by libyaml's safe loader: ten times faster than the pure one. Raises yaml.YAMLError."""
    loaded = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded if isinstance(loaded, dict) else {}
