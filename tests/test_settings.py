"""Settings are read once, from a mapping, and a wrong one is told by its name."""

import dataclasses
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import Settings, read_settings

NAMES = [f"VEJVISER_{field.name.upper()}" for field in dataclasses.fields(Settings)]
RIGHT = {
    "VEJVISER_VAR": ("/elsewhere", Path("/elsewhere")),
    "VEJVISER_ANCHOR": ("/elsewhere/anchor", Path("/elsewhere/anchor")),
    "VEJVISER_DATABASE": ("postgresql://guide@db.example/guide", "postgresql://guide@db.example/guide"),
    "VEJVISER_MODELS": ("/elsewhere", Path("/elsewhere")),
    "VEJVISER_DATA": ("/elsewhere", Path("/elsewhere")),
    "VEJVISER_LOCALES": ("/elsewhere", Path("/elsewhere")),
    "VEJVISER_CONTENT": ("/elsewhere", Path("/elsewhere")),
    "VEJVISER_HOST": ("::1", "::1"),
    "VEJVISER_PORT": ("8080", 8080),
    "VEJVISER_CONSOLE_HOST": ("::1", "::1"),
    "VEJVISER_CONSOLE_PORT": ("8081", 8081),
    "VEJVISER_METRICS_PORT": ("9100", 9_100),
    "VEJVISER_IDLE_MINUTES": ("5", 5),
    "VEJVISER_DEFAULT_LANGUAGE": ("en", "en"),
    "VEJVISER_SECURE_COOKIE": ("True", True),
    "VEJVISER_LOG_LEVEL": ("WARNING", "WARNING"),
    "VEJVISER_ACKNOWLEDGE_DAYS": ("5", 5),
    "VEJVISER_ANSWER_MONTHS": ("2", 2),
    "VEJVISER_OPERATOR_NAME": ("Københavns Kommune", "Københavns Kommune"),
    "VEJVISER_PRIVACY_EMAIL": ("dpo@kommune.example", "dpo@kommune.example"),
    "VEJVISER_ACCESSIBILITY_EMAIL": ("web+was@kommune.example", "web+was@kommune.example"),
    "VEJVISER_ACCESSIBILITY_PHONE": ("+45 11 22 33 44", "+45 11 22 33 44"),
    "VEJVISER_WAS_URL": ("https://was.digst.dk/vejviser-example", "https://was.digst.dk/vejviser-example"),
    "VEJVISER_PUBLIC_STATISTICS": ("true", True),
    "VEJVISER_EMBED_ORIGINS": (
        "https://www.kk.dk  https://xn--bo-lka.example:8443 http://localhost:8080",
        ("https://www.kk.dk", "https://xn--bo-lka.example:8443", "http://localhost:8080"),
    ),
    "VEJVISER_LOGO": ("/elsewhere/logo.svg", Path("/elsewhere/logo.svg")),
    "VEJVISER_ACCENT": ("#7A0019", "#7A0019"),
    "VEJVISER_PARTNERS": ("/elsewhere/partners.toml", Path("/elsewhere/partners.toml")),
    "VEJVISER_OIDC_ISSUER": ("https://login.example/", "https://login.example/"),
    "VEJVISER_OIDC_CLIENT_ID": ("vejviser", "vejviser"),
    "VEJVISER_OIDC_SECRET_FILE": ("/elsewhere/secret", Path("/elsewhere/secret")),
    "VEJVISER_OIDC_ACR": ("two-factors", "two-factors"),
    "VEJVISER_CONSOLE_URL": ("https://console.example", "https://console.example"),
    "VEJVISER_EXIT_URL": ("https://kk.dk/", "https://kk.dk/"),
}

NO_ORIGINS = [
    "http://kk.dk", "https://kk.dk/", "https://*.kk.dk", "https:", "https://", "*", "'self'", "'unsafe-inline'", "null",
    "https://KK.dk", "https://me@kk.dk", "https://kk.dk;script-src", "https://kk.dk,https://b.dk", "data:", "localhost",
    "http://localhost.kk.dk", "http://127.0.0.1:8080", "https://kk.dk:port", "https://kk.dk?a", "https://bø.example",
]  # fmt: skip


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"HOME": "/root", "PORT": "1", "vejviser_port": "1"}) == Settings()


def test_every_setting_is_in_this_test() -> None:
    assert sorted(RIGHT) == sorted(NAMES)


@pytest.mark.parametrize("name", RIGHT)
def test_a_setting_is_read_as_what_it_is(name: str) -> None:
    given, read = RIGHT[name]
    settings = read_settings({name: given})
    assert getattr(settings, name.removeprefix("VEJVISER_").lower()) == read
    others = {name: value for name, value in vars(settings).items() if value != getattr(Settings(), name)}
    assert list(others.values()) == [read]


def test_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({"VEJVISER_VAR": "here/var"}).var == tmp_path / "here" / "var"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VEJVISER_PORT", ""),
        ("VEJVISER_PORT", "eighty"),
        ("VEJVISER_PORT", "-1"),
        ("VEJVISER_PORT", "8000.5"),
        ("VEJVISER_PORT", "65536"),
        ("VEJVISER_PORT", " 80"),
        ("VEJVISER_IDLE_MINUTES", "half an hour"),
        ("VEJVISER_SECURE_COOKIE", "yes"),
        ("VEJVISER_SECURE_COOKIE", ""),
        ("VEJVISER_HOST", ""),
        ("VEJVISER_DEFAULT_LANGUAGE", ""),
        ("VEJVISER_DEFAULT_LANGUAGE", "klingon"),
        ("VEJVISER_LOG_LEVEL", "LOUD"),
        ("VEJVISER_IDLE_MINUTES", "0"),
        ("VEJVISER_VAR", ""),
        ("VEJVISER_DATABASE", "sqlite:///var/store.db"),
        ("VEJVISER_DATABASE", "host=db.example password=secret"),
        ("VEJVISER_EXIT_URL", "javascript:alert(1)"),
        ("VEJVISER_PRIVACY_EMAIL", "dpo@kommune"),
        ("VEJVISER_ACCESSIBILITY_EMAIL", "us@kommune.example?body=x"),
        ("VEJVISER_ACCESSIBILITY_PHONE", "11 22 33 44 / 67"),
        ("VEJVISER_ACCESSIBILITY_PHONE", "٣٣٦٦٣٣٦٦"),
        ("VEJVISER_WAS_URL", "http://was.digst.dk/vejviser"),
        ("VEJVISER_LOGO", ""),
        *(("VEJVISER_ACCENT", colour) for colour in ("", "red", "0b57a4", "#fff", "#0b57a4ff", "#0b57g4", "#0b57a4;")),
        *(("VEJVISER_EMBED_ORIGINS", f"https://kk.dk {origin}") for origin in NO_ORIGINS),
    ],
)
def test_a_wrong_value_is_told_by_the_name_of_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} "):
        read_settings({name: value})


@pytest.mark.parametrize("name", ["VEJVISER_PROT", "VEJVISER_", "VEJVISER_port_", "VEJVISER_IDLE"])
def test_a_name_that_is_no_setting_is_told(name: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} is not a setting"):
        read_settings({name: "1"})


def test_the_password_of_a_database_is_not_shown() -> None:
    assert "hunter2" not in repr(read_settings({"VEJVISER_DATABASE": "postgresql://guide:hunter2@db.example/guide"}))
    with pytest.raises(SettingError) as told:
        read_settings({"VEJVISER_DATABASE": "guide:hunter2@db.example/guide"})
    assert "hunter2" not in str(told.value)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]
