"""The files of deploy/ name what is there, keep what they promise, and are such as other programs read them."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.evidence.kinds import LARGEST
from bot.language.languages import find_languages
from bot.settings import ROOT, Settings, read_settings
from bot.web.forms import LONGEST_FORM
from bot.web.guard import HEADERS
from tests.deploy.linters import DEPLOY, complaints
from tests.deploy.named import SETTINGS, commands_in, is_command, settings_in

CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
CADDYFILE = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").glob("vejviser-[!a]*.service"))
"""Those that run the program; vejviser-alert@ runs what the operator wrote (test_alerts.py)."""
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
MADE_THERE = ("deploy/secrets/pgpass", "deploy/secrets/database.password", "deploy/.env")
"""By the operator, on the machine."""
WHOLE = re.sub(r"\\\n", " ", CONTAINERFILE)
SERVED = re.sub(r"^#.*\n", "", CONTAINERFILE[CONTAINERFILE.rindex("\nFROM ") :], flags=re.MULTILINE)
"""The stage that becomes the image, without its comments."""
PROXY = {
    "GUIDE_DOMAIN": "guide.example.org", "CONSOLE_DOMAIN": "console.example.org", "CONSOLE_FROM": "10.0.0.0/8",
    "GUIDE_AT": "chat:8000", "CONSOLE_AT": "console:8001",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(it for it in DEPLOY.rglob("*") if it.is_file()), ids=lambda it: it.name)
def test_each_setting_that_a_file_names_is_one(path: Path) -> None:
    assert settings_in(path.read_text(encoding="utf-8")) <= SETTINGS


def test_no_secret_can_be_taken_into_git() -> None:
    for name in MADE_THERE:
        ask = ["git", "check-ignore", "-q", name]
        assert subprocess.run(ask, cwd=ROOT, check=False).returncode == 0, name


# The image


def test_the_image_runs_a_command_that_is_there_as_nobody_in_particular() -> None:
    entry, command = (
        json.loads(re.findall(rf"^{word} (\[.*\])$", SERVED, re.MULTILINE)[-1]) for word in ("ENTRYPOINT", "CMD")
    )
    assert entry == ["vejviser"]
    assert is_command(command)
    user = re.findall(r"^USER (\d+):(\d+)$", SERVED, re.MULTILINE)[-1]
    assert all(int(number) >= 1_000 for number in user)
    assert SERVED.index("USER ") > SERVED.rindex("\nRUN "), "something is done as another user after this"


def test_the_image_holds_no_tool_that_builds() -> None:
    for tool in ("apt-get", "gcc", "uv sync", "pip install", "curl", "wget", "git "):
        assert tool not in SERVED, tool
    assert "rm -rf /usr/local/lib/python3.12/site-packages/pip*" in SERVED
    assert "--no-install-package pip" in WHOLE


def test_what_is_copied_into_the_image_is_there_and_is_let_through() -> None:
    sources = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", WHOLE, re.MULTILINE) for name in line.split()]
    let = {
        line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert {"bot", "actions", "content", "data", "locales", "uv.lock"} <= {*sources, "uv.lock"}
    for name in sources:
        assert (ROOT / name).exists(), name
        assert name in let, name
    assert not {"var", "models", ".git", ".", "tests", "deploy"} & let


def test_every_file_that_uv_needs_for_the_lock_is_copied() -> None:
    before = WHOLE[: WHOLE.index("uv sync")]
    for name in ("pyproject.toml", "uv.lock", "README.md", "stand-ins"):
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", before, re.MULTILINE), name
    assert "--require-hashes" in before
    assert all("--hash=sha256:" in line for line in (DEPLOY / "uv.txt").read_text().splitlines()[2:])


def test_health_is_asked_where_the_chat_says_how_it_is() -> None:
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", SERVED)
    assert asked == [(str(Settings.port), "/health")]
    from bot.web.health import ROUTES  # noqa: PLC0415 - the application takes seconds to import

    assert "/health" in {route.path for route in ROUTES}


@pytest.mark.slow
def test_hadolint_has_nothing_against_the_containerfile() -> None:
    assert complaints("hadolint", "Containerfile") == ""


# The machine of compose

GUIDE = ("chat", "console")


@pytest.mark.slow
def test_the_compose_file_is_one_by_its_own_schema() -> None:
    assert complaints("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yml") == ""


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_each_service_writes_little_may_nothing_and_is_named_by_a_version(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert re.search(r":[\w$]", service["image"])
    assert not service["image"].endswith(":latest")
    assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}


@pytest.mark.parametrize("name", GUIDE)
def test_what_serves_is_a_command_with_settings_and_no_secret_in_them(name: str) -> None:
    service = COMPOSE["services"][name]
    assert is_command(service["command"])
    environment = {key: re.sub(r"\$\{.*\}", "x.example", value) for key, value in service["environment"].items()}
    settings = read_settings({key: value for key, value in environment.items() if key.startswith("VEJVISER_")})
    assert "@" in settings.database
    assert ":" not in settings.database.split("//")[1].split("@")[0], "a password in the environment"
    assert environment["PGPASSFILE"].startswith("/run/secrets/")
    assert "ports" not in service


def test_the_proxy_alone_is_open_and_finds_both() -> None:
    assert [name for name, it in COMPOSE["services"].items() if "ports" in it] == ["proxy"]
    environment = COMPOSE["services"]["proxy"]["environment"]
    assert environment["GUIDE_AT"] == f"chat:{Settings.port}"
    assert environment["CONSOLE_AT"] == f"console:{Settings.console_port}"
    assert f"127.0.0.1:{Settings.console_port}/health" in " ".join(
        COMPOSE["services"]["console"]["healthcheck"]["test"]
    )


def test_the_chat_and_the_database_reach_nobody_outside() -> None:
    outside = {name for name, it in COMPOSE["networks"].items() if not it.get("internal")}
    assert outside == {"outside"}
    reach = {name for name, it in COMPOSE["services"].items() if outside & set(it["networks"])}
    assert reach == {"console", "proxy"}
    assert COMPOSE["services"]["database"]["networks"] == ["store"]
    assert "store" not in COMPOSE["services"]["proxy"]["networks"]


def test_what_compose_names_is_declared() -> None:
    for service in COMPOSE["services"].values():
        assert {it["source"] for it in service.get("secrets", [])} <= COMPOSE["secrets"].keys()
        volumes = {it.split(":")[0] for it in service.get("volumes", []) if not it.startswith(".")}
        assert volumes <= COMPOSE["volumes"].keys()
        assert set(service.get("depends_on", ())) <= COMPOSE["services"].keys()
    assert all(it["file"].startswith("./secrets/") for it in COMPOSE["secrets"].values())
    assert COMPOSE["services"]["chat"]["volumes"] == ["guide:/var/lib/vejviser"]
    assert 'VOLUME ["/var/lib/vejviser"]' in SERVED


# The proxy


def test_the_proxy_doubles_no_header_and_lets_the_largest_file_through() -> None:
    named = set(re.findall(r"^\t+(?:header )?([A-Z][A-Za-z]+(?:-[A-Za-z]+)+) ", CADDYFILE, re.MULTILINE))
    assert named == {"Strict-Transport-Security"}
    assert not {name.lower() for name in named} & {name.lower() for name in HEADERS}
    largest = [int(size) * 1_000_000 for size in re.findall(r"max_size (\d+)MB", CADDYFILE)]
    assert largest[0] >= 2 * LARGEST + LONGEST_FORM
    assert largest[1] >= LONGEST_FORM


def test_what_the_proxy_asks_for_is_given() -> None:
    asked = set(re.findall(r"\{\$([A-Z_]+)\}", CADDYFILE))
    assert asked == PROXY.keys() == COMPOSE["services"]["proxy"]["environment"].keys()


def test_where_nobody_answers_it_is_said_in_every_language() -> None:
    said = re.search(r'respond @down "(.*?)" \{err', CADDYFILE, re.DOTALL)
    assert said
    spoken = find_languages(ROOT / "locales", ROOT / "data" / "nlu")
    lines = said[1].strip().splitlines()
    assert len(lines) == len(spoken)
    assert all("112" in line for line in lines)


@pytest.mark.slow
def test_caddy_takes_its_file_and_would_write_it_so() -> None:
    assert complaints("caddy", "validate", "--config", "Caddyfile", "--adapter", "caddyfile", environment=PROXY) == ""
    assert complaints("caddy", "fmt", "--diff", "Caddyfile", environment=PROXY) == ""


# The plain machine


class Unit(dict[str, list[str]]):
    """The lines of a unit's [Service], by name."""

    @classmethod
    def of(cls, path: Path) -> "Unit":
        unit = cls()
        for line in path.read_text(encoding="utf-8").splitlines():
            name, sign, value = line.partition("=")
            if sign and not line.startswith("#"):
                unit.setdefault(name, []).append(value)
        return unit


@pytest.mark.parametrize("path", UNITS, ids=lambda it: it.name)
def test_a_unit_starts_a_command_where_it_may_write_what_it_must(path: Path) -> None:
    unit = Unit.of(path)
    program, *words = unit["ExecStart"][0].split()
    assert program == "/opt/vejviser/current/.venv/bin/vejviser"
    assert is_command(words)
    assert path.stem.removeprefix("vejviser-") in words
    given = dict(pair.split("=", 1) for line in unit["Environment"] for pair in line.split())
    assert given["VEJVISER_VAR"] == f"/var/lib/{unit['StateDirectory'][0]}"
    assert unit["User"] == ["vejviser"]
    assert "u vejviser " in (DEPLOY / "systemd" / "vejviser.sysusers").read_text()
    assert unit.get("ReadWritePaths", []) == words[3:4] * ("backup" in words)


@pytest.mark.parametrize("path", UNITS, ids=lambda it: it.name)
def test_a_unit_is_shut_in(path: Path) -> None:
    unit = Unit.of(path)
    for name in (
        "NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute", "RestrictSUIDSGID",
    ):  # fmt: skip
        assert unit[name] == ["yes"], name
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert unit["MemoryMax"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
@pytest.mark.parametrize("path", UNITS, ids=lambda it: it.name)
def test_systemd_takes_a_unit_and_finds_it_little_exposed(path: Path, tmp_path: Path) -> None:
    """`verify` wants the program to be there, so Python stands in its place."""
    for unit in path.parent.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for program in ("/opt/vejviser/current/.venv/bin/vejviser", "/etc/vejviser/alert"):
            text = text.replace(program, sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    here = tmp_path / path.name
    asked = subprocess.run(
        ["systemd-analyze", "verify", here], capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert (asked.returncode, asked.stderr.replace("\n", "")) == (0, "")
    options = ["--offline=true", "--threshold=20", "--no-pager"]
    rated = subprocess.run(["systemd-analyze", "security", *options, here], capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout.splitlines()[-1]


def test_the_example_of_the_settings_is_taken_as_it_is() -> None:
    lines = [
        line for line in (DEPLOY / "settings.example").read_text().splitlines() if line and not line.startswith("#")
    ]
    parsed = configparser.ConfigParser(interpolation=None, delimiters="=")
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string("[settings]\n" + "\n".join(lines))
    settings = read_settings(dict(parsed["settings"]))
    assert settings.secure_cookie
    assert settings.database


# The document


def test_each_command_and_setting_of_the_document_is_there() -> None:
    assert len(commands_in(DOCUMENT)) > 10
    assert [words for words in commands_in(DOCUMENT) if not is_command(words)] == []
    assert settings_in(DOCUMENT) <= SETTINGS


def test_each_file_that_the_document_names_is_there() -> None:
    named = re.findall(r"`(deploy/[\w./-]+)`", DOCUMENT)
    assert {"deploy/Containerfile", "deploy/compose.yml", "deploy/Caddyfile"} <= set(named)
    assert [it for it in named if not (ROOT / it).exists() and it not in MADE_THERE and it != "deploy/secrets/"] == []
