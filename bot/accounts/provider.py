"""The city's own log-in, from the settings."""

from pathlib import Path
from urllib.parse import urlsplit

from bot.accounts.sign_on import LOOPBACK, Provider
from bot.errors import SettingError
from bot.settings import Settings

BACK = "/sign-on/back"


def provider_of(settings: Settings) -> Provider | None:
    """None where no issuer is set; raises SettingError by name where something else is missing then."""
    if not settings.oidc_issuer:
        return None
    for name in ("oidc_client_id", "oidc_secret_file", "console_url"):
        if not getattr(settings, name):
            raise SettingError(f"VEJVISER_{name.upper()} is needed with VEJVISER_OIDC_ISSUER")
    for name in ("oidc_issuer", "console_url"):
        if not _is_safe(getattr(settings, name)):
            raise SettingError(f"VEJVISER_{name.upper()} must be an address that begins with https://")
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=_secret(settings.oidc_secret_file),
        redirect_uri=settings.console_url.rstrip("/") + BACK,
        acr=settings.oidc_acr or None,
    )


def _is_safe(address: str) -> bool:
    """Codes of a log-in go there and come from there; only on one machine may they travel in the clear."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _secret(path: Path | None) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip() if path else ""
    except (OSError, ValueError):
        secret = ""
    if not secret:
        raise SettingError("VEJVISER_OIDC_SECRET_FILE cannot be read, or is empty")
    return secret
