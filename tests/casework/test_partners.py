"""The file of bodies that take reports over HTTPS: every fault is told by its name, and no secret is shown."""

import base64
import secrets
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from bot.casework.law_file import read_law
from bot.casework.partners import read_partners
from bot.errors import SettingError
from bot.settings import Settings
from tests.casework.failing_server import Certificates

LAW = read_law(Settings().content / "law")
BODY = "institut-for-menneskerettigheder"
PUBLIC = bytes(PrivateKey.generate().public_key)
SECRET = secrets.token_bytes(32)
RIGHT = {
    "url": "https://reports.example/vejviser",
    "public_key": base64.b64encode(PUBLIC).decode(),
    "secret": "whsec_" + base64.b64encode(SECRET).decode(),
}


def written(folder: Path, fields: dict[str, str], body: str = BODY) -> Path:
    path = folder / "partners.toml"
    path.write_text(f"[{body}]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items()))
    return path


def test_without_a_file_there_are_none() -> None:
    assert read_partners(None, LAW) == {}


def test_a_partner_is_read_with_its_keys_inline_and_shows_none_of_them(tmp_path: Path) -> None:
    (partner,) = read_partners(written(tmp_path, RIGHT), LAW).values()
    assert (partner.body, partner.url, partner.public_key, partner.secret, partner.ca) == (
        BODY, RIGHT["url"], PUBLIC, SECRET, None,
    )  # fmt: skip
    assert repr(SECRET) not in repr(partner)
    assert repr(PUBLIC) not in repr(partner)


def test_keys_and_an_authority_are_read_from_files_beside_it(tmp_path: Path) -> None:
    for name in ("public_key", "secret"):
        (tmp_path / name).write_text(RIGHT[name] + "\n")
    ca = Certificates(tmp_path).ca
    fields = {"url": RIGHT["url"], "public_key_file": "public_key", "secret_file": "secret", "ca_file": ca.name}
    partner = read_partners(written(tmp_path, fields), LAW)[BODY]
    assert (partner.public_key, partner.secret, partner.ca) == (PUBLIC, SECRET, ca)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8443/x", "http://[::1]/", "http://localhost/", "https://a.example/"])
def test_without_tls_only_this_machine_is_spoken_to(tmp_path: Path, url: str) -> None:
    assert read_partners(written(tmp_path, {**RIGHT, "url": url}), LAW)[BODY].url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", ""),
        ("url", "http://reports.example/"),
        ("url", "http://127.0.0.1.example/"),
        ("url", "ftp://reports.example/"),
        ("url", "https://"),
        ("url", "https://user:word@reports.example/"),
        ("url", "https://reports.example/#there"),
        ("url", "https://reports.example:port/"),
        ("url", "https://reports.example/a b"),
        ("public_key", ""),
        ("public_key", "æ"),
        ("public_key", base64.b64encode(b"short").decode()),
        ("public_key", base64.b64encode(bytes(32)).decode()),
        ("secret", "whsec_"),
        ("secret", "whsec_not base64"),
        ("secret", base64.b64encode(b"x" * 23).decode()),
        ("secret", base64.b64encode(b"x" * 65).decode()),
        ("secret_file", "both are given"),
        ("ca_file", "missing.pem"),
        ("ca_file", "partners.toml"),
        ("password", "unknown field"),
    ],
)
def test_a_fault_is_told_by_file_body_and_field(tmp_path: Path, name: str, value: str) -> None:
    field = "secret" if name == "secret_file" else name
    with pytest.raises(SettingError, match=rf"^VEJVISER_PARTNERS: partners\.toml: {BODY}: {field}: ") as told:
        read_partners(written(tmp_path, {**RIGHT, name: value}), LAW)
    assert RIGHT["secret"] not in str(told.value)


@pytest.mark.parametrize("missing", ["url", "public_key", "secret"])
def test_what_is_missing_is_told(tmp_path: Path, missing: str) -> None:
    fields = {name: value for name, value in RIGHT.items() if name != missing}
    with pytest.raises(SettingError, match=f": {BODY}: {missing}: "):
        read_partners(written(tmp_path, fields), LAW)


@pytest.mark.parametrize("body", ["nobody", "ombudsmand", "ligebehandlingsnaevnet"])
def test_only_a_body_to_which_reports_are_handed_over_can_be_one(tmp_path: Path, body: str) -> None:
    with pytest.raises(SettingError, match=f": {body}: is no body"):
        read_partners(written(tmp_path, RIGHT, body), LAW)


@pytest.mark.parametrize("content", [b"[broken", b"\xff", b"url = 'not in a table'\n", b"[a]\n[a]\n"])
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "partners.toml"
    path.write_bytes(content)
    with pytest.raises(SettingError, match=r"^VEJVISER_PARTNERS: partners\.toml"):
        read_partners(path, LAW)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^VEJVISER_PARTNERS: .*cannot be read"):
        read_partners(tmp_path / "missing.toml", LAW)
