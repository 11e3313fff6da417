"""What differs between a laptop and the servers: read once at start, from a mapping such as `os.environ`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import SettingError

LARGEST = 65_535
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Each field is set by the environment variable `VEJVISER_<FIELD>`; docs/settings.md explains them."""

    var: Path = ROOT / "var"
    anchor: Path = Path("audit.anchor")
    """Of the audit chain; `var / anchor`, so that each folder of databases has its own unless one is set."""
    database: str = field(default="", repr=False)
    """Address of PostgreSQL, which may hold a password; without it the databases are SQLite files in `var`."""
    models: Path = ROOT / "models"
    data: Path = ROOT / "data"
    locales: Path = ROOT / "locales"
    content: Path = ROOT / "content"
    host: str = "127.0.0.1"
    port: int = 8000
    console_host: str = "127.0.0.1"
    console_port: int = 8001
    metrics_port: int = 0
    """Where operators' figures can be fetched, at `host`; 0: nowhere."""
    idle_minutes: int = 30
    default_language: str = "da"
    secure_cookie: bool = False
    log_level: str = "INFO"
    acknowledge_days: int = 7
    answer_months: int = 3
    exit_url: str = "https://www.dmi.dk/"
    operator_name: str = ""
    """The body that answers for the guide; pages say where it is not filled in."""
    privacy_email: str = ""
    accessibility_email: str = ""
    accessibility_phone: str = ""
    was_url: str = ""
    public_statistics: bool = False
    embed_origins: tuple[str, ...] = ()
    """Of the sites whose pages may hold the guide in a frame (docs/embedding.md); none unless named."""
    logo: Path | None = None
    """Of the operator, SVG or PNG; what it must be stands in bot/web/brand.py."""
    accent: str = ""
    """The operator's colour, from which the tones of both schemes are made (bot/web/colour.py)."""
    partners: Path | None = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_secret_file: Path | None = None
    oidc_acr: str = ""
    console_url: str = ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from `environment`; raises SettingError with the name of a wrong or unknown variable."""
    known = Settings.__dataclass_fields__
    given: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith("VEJVISER_"):
            continue
        field = name.removeprefix("VEJVISER_").lower()
        if field not in known:
            raise SettingError(f"{name} is not a setting; docs/settings.md lists them")
        given[field] = _read(name, value, type(getattr(Settings, field)))
    settings = Settings(**given)
    for field, (fits, wanted) in FITTING.items():
        if not fits(getattr(settings, field)):
            raise SettingError(f"VEJVISER_{field.upper()} must be {wanted}")
    return settings


_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|http://localhost(:\d{1,5})?")
"""As a browser writes it, so that it can be compared as it is; no wildcard, and without TLS this machine alone."""
_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?\d(?: ?\d){2,14}", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FITTING: dict[str, tuple[Callable[[Any], bool], str]] = {
    "default_language": (
        lambda code: (ROOT / "data" / "nlu" / code).is_dir() or code == "en",
        "a language spoken here",
    ),
    "log_level": (lambda level: level in LEVELS, "one of " + ", ".join(LEVELS)),
    "database": (
        lambda url: not url or url.startswith(("postgresql://", "postgres://")),
        "the address of a PostgreSQL database: postgresql://…",
    ),
    "idle_minutes": (lambda minutes: minutes > 0, "at least 1"),
    "acknowledge_days": (lambda days: days > 0, "at least 1"),
    "answer_months": (lambda months: months > 0, "at least 1"),
    "exit_url": (lambda url: url.startswith(("https://", "http://")), "a web address"),
    "privacy_email": (lambda email: not email or bool(_EMAIL.fullmatch(email)), "an e-mail address"),
    "accessibility_email": (lambda email: not email or bool(_EMAIL.fullmatch(email)), "an e-mail address"),
    "accessibility_phone": (
        lambda phone: not phone or bool(_PHONE.fullmatch(phone)),
        "a phone number: digits and spaces",
    ),
    "was_url": (lambda url: not url or url.startswith("https://"), "an https address"),
    "accent": (lambda colour: not colour or bool(_COLOUR.fullmatch(colour)), "a colour as #rrggbb, such as #0b57a4"),
    "embed_origins": (
        lambda origins: all(_ORIGIN.fullmatch(origin) for origin in origins),
        "https://… of sites, small letters, no path, with spaces between (http:// for localhost alone)",
    ),
}


def _read(name: str, value: str, kind: type) -> object:
    if not value:
        raise SettingError(f"{name} is empty")
    if issubclass(kind, Path | None):  # what is None unless it is set is a path
        return Path(value).resolve()
    if kind is tuple:
        return tuple(value.split())
    if kind is bool:
        if value.lower() not in {"true", "false"}:
            raise SettingError(f"{name} must be true or false")
        return value.lower() == "true"
    if kind is int:
        if not value.isdecimal() or int(value) > LARGEST:
            raise SettingError(f"{name} must be a whole number from 0 to 65535")
        return int(value)
    return value
