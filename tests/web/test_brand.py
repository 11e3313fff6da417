"""The operator's logo and colour, and the styles that stand within the first page."""

import copy
import dataclasses
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.errors import SettingError
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.brand import LARGEST_LOGO, NO_SCRIPT, Brand, colours_of
from bot.web.colour import TEXT, Tone, contrast
from bot.web.guard import HEADERS
from bot.web.served import ASKED_AGAIN, FOLDER, KEPT
from tests.web.interface import checked

OPERATOR = "Københavns Kommune"
SVG = (
    '\ufeff<?xml version="1.0"?>\n<!-- a sign -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 8"/>'
)
"""With all that drawing programs write before it."""
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 64, 32) + b"\x08\x06\0\0\0"
LOGO = re.compile(r'<img src="([^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)">')
PAGE = (FOLDER / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r":root {(.*?)}", PAGE, re.DOTALL)
)
PAPER = {"light": "#ffffff", "dark": DARK["paper"]}
HARD = ["#ffe97a", "#7a0019", "#000000", "#ffffff", "#808080", "#7b7b7b", "#00ff00", "#e30613"]
"""Light, dark, grey, between white and black, and as strong as a screen can show."""
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def made(accent: str) -> dict[str, dict[str, str]]:
    """{scheme: {property: colour}} of what is served."""
    blocks = re.findall(r":root{(.*?)}", colours_of(accent, PAGE))
    return {name: dict(re.findall(r"--([\w-]+):(#\w+);", block)) for name, block in zip(PAPER, blocks, strict=True)}


def branded(guide: Guide, **settings: Any) -> TestClient:
    other = copy.copy(guide)
    other.settings = dataclasses.replace(guide.settings, operator_name=OPERATOR, **settings)
    return checked(TestClient(make_app(other), follow_redirects=False))


# Colour


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0b57a4", "#0b57a4") == 1


@given(COLOURS)
def test_a_colour_is_itself_after_it_was_measured(colour: str) -> None:
    assert Tone.of(colour).colour == colour


@given(st.floats(0.1, 1), st.floats(0, 0.4), st.floats(0, 360))
def test_what_no_screen_can_show_becomes_weaker_and_not_lighter(lightness: float, strength: float, hue: float) -> None:
    shown = Tone.of(Tone(lightness, strength, hue).colour)
    assert shown.lightness == pytest.approx(lightness, abs=0.02)
    assert shown.strength <= strength + 0.01


@given(COLOURS)
def test_whatever_colour_is_set_can_be_read_in_both_schemes(accent: str) -> None:
    for scheme, tones in made(accent).items():
        assert set(tones) == {name for name in LIGHT if name.startswith("accent")}
        assert contrast(tones["accent-text"], PAPER[scheme]) >= TEXT
        assert contrast(tones["accent-text"], tones["accent-tint"]) >= TEXT
        assert contrast(tones["accent-ink"], tones["accent"]) >= TEXT
        assert contrast(tones["accent-ink"], tones["accent-deep"]) >= TEXT


@pytest.mark.parametrize("accent", ["#ffe97a", "#7a0019", "#00a651", "#44831e", "#ff7f00"])
def test_what_is_filled_has_the_colour_as_it_was_set(accent: str) -> None:
    assert made(accent)["light"]["accent"] == accent


@pytest.mark.parametrize("accent", HARD)
def test_under_a_pointer_what_is_filled_looks_different(accent: str) -> None:
    for tones in made(accent).values():
        assert tones["accent"] != tones["accent-deep"] or accent == "#000000"


def test_a_page_on_which_no_colour_can_be_read_is_refused_by_the_name_of_the_setting() -> None:
    """As if somebody had made paper and ground a middle grey."""
    grey = re.sub(r"--(paper|tint): #\w+;", r"--\1: #7b7b7b;", PAGE)
    with pytest.raises(SettingError, match=r"^VEJVISER_ACCENT #0b57a4 cannot be read: accent-\w+ on "):
        colours_of("#0b57a4", grey)


def test_each_property_that_a_stylesheet_uses_is_set_and_the_fill_is_never_read() -> None:
    """`accent` and `accent-deep` may be as light as paper: what is drawn or read in them would not be seen."""
    sheets = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.css")}
    every = "\n".join(sheets.values())
    assert {*re.findall(r"var\(--([\w-]+)", every)} <= {*re.findall(r"--([\w-]+):", every)}
    for name, sheet in sheets.items():
        for use in re.findall(r"([\w-]+): [^;{}]*var\(--accent(?:-deep)?\)", sheet):
            assert use in {"background", "background-color"}, (name, use)


def test_without_settings_nothing_is_added() -> None:
    brand = Brand.of(Settings())
    assert (brand.logo, brand.colours, [*brand.routes()]) == (None, None, [])
    assert brand.styles == re.sub(r"/\*.*?\*/\s*", "", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("accent", ["#FFE97A", "#7a0019"])
def test_the_colours_go_to_every_page_after_those_of_the_page(guide: Guide, accent: str) -> None:
    client = branded(guide, accent=accent)
    fill = f"--accent:{accent.lower()};"
    assert fill in client.get("/?lang=da").text
    page = client.get("/privacy?lang=da").text
    files = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert files[0].startswith("/static/page.css?")
    address = next(it for it in files if it.startswith("/static/colours.css?v="))
    served = client.get(address)
    assert (served.headers["content-type"], served.headers["cache-control"]) == ("text/css; charset=utf-8", KEPT)
    assert fill in served.text
    assert client.get("/static/colours.css?v=0").headers["cache-control"] == ASKED_AGAIN
    assert client.get(address, headers={"If-None-Match": served.headers["etag"]}).status_code == 304


# The logo


@pytest.mark.parametrize("media_type", ["image/svg+xml", "image/png"])
def test_the_logo_stands_on_each_page_with_the_operators_name(guide: Guide, tmp_path: Path, media_type: str) -> None:
    content, size = {"image/svg+xml": (SVG.encode(), ("375", "100")), "image/png": (PNG, ("64", "32"))}[media_type]
    (tmp_path / "logo").write_bytes(content)
    client = branded(guide, logo=tmp_path / "logo")
    for path in ("/?lang=da", "/privacy?lang=ar", "/nothing"):
        [(address, alt, *given)] = LOGO.findall(client.get(path).text)
        assert (alt, tuple(given)) == (OPERATOR, size)
    served = TestClient(client.app).get(address)
    assert (served.content, served.headers["content-type"]) == (content, media_type)
    assert served.headers["cache-control"] == KEPT
    assert served.headers["content-security-policy"] == NO_SCRIPT
    assert served.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot be read"),
        (b"", "must be an SVG or PNG file"),
        (b"GIF89a" + bytes(60), "must be an SVG or PNG file"),
        (b"<!doctype html><svg viewBox='0 0 1 1'></svg>", "must be an SVG or PNG file"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg viewBox='0 0 1 1'></svg>", "must be an SVG or PNG file"),
        (SVG.replace('viewBox="0 0 30 8"', "").encode(), "must have a viewBox"),
        (SVG.replace("0 0 30 8", "0 0 30 0").encode(), "must have a viewBox"),
        (PNG + bytes(LARGEST_LOGO), "must have at most 30 kB"),
    ],
)
def test_what_is_no_logo_is_refused_by_the_name_of_the_setting(
    tmp_path: Path, content: bytes | None, what: str
) -> None:
    path = tmp_path / "logo"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingError, match=f"^VEJVISER_LOGO {what}"):
        Brand.of(Settings(logo=path, operator_name=OPERATOR))


def test_a_logo_says_whose_it_is_or_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG)
    with pytest.raises(SettingError, match=r"^VEJVISER_LOGO needs VEJVISER_OPERATOR_NAME"):
        Brand.of(Settings(logo=tmp_path / "logo.svg"))


# The styles within the first page (their hash is held against the policy by every client: tests/web/interface.py)


def test_the_first_page_brings_its_styles_and_names_those_of_the_chat_for_later(client: TestClient) -> None:
    page = client.get("/?lang=ur").text
    assert page.count("<style>") == 1
    assert 'rel="stylesheet"' not in page
    assert page.index("prefetch") > page.index("</footer>")


def test_what_stands_within_a_page_can_end_nothing_and_names_no_file_beside_it() -> None:
    styles = Brand.of(Settings(accent="#7a0019")).styles
    assert "<" not in styles
    assert all(address.startswith("/static/") for address in re.findall(r'url\("([^"]*)"', styles))


def test_every_other_page_takes_the_files(client: TestClient) -> None:
    for path in ("/privacy", "/was", "/report", "/nothing"):
        page = client.get(path).text
        assert "<style" not in page
        assert "/static/page.css?v=" in page
    client.cookies.set("vejviser_session", "0" * 32, domain="testserver.local", path="/")
    ended = client.get("/")
    assert "<style" not in ended.text, "with a session a page goes uncompressed"
    assert 'rel="stylesheet"' in ended.text


def test_nothing_else_within_a_page_is_allowed(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert re.findall(r"'unsafe[^']*'|\*|data:|blob:", policy) == []
    assert len(re.findall(r"'sha256-", policy)) == 1
    others = [part for part in policy.split("; ") if not part.startswith("style-src ")]
    assert others == [
        part for part in HEADERS["Content-Security-Policy"].split("; ") if not part.startswith("style-src ")
    ]


def test_in_a_frame_the_policy_names_no_styles_within(guide: Guide) -> None:
    other = copy.copy(guide)
    other.settings = dataclasses.replace(guide.settings, embed_origins=("https://www.city.example",))
    frame = TestClient(make_app(other)).get("/embed?lang=da")
    assert "sha256-" not in frame.headers["content-security-policy"]
    assert "<style" not in frame.text
    assert "/static/page.css?v=" in frame.text


def test_the_button_on_another_sites_page_has_the_colour_too(guide: Guide) -> None:
    script = TestClient(branded(guide, accent="#7a0019").app).get("/widget.js").text
    assert ".at{--accent:#7a0019;" in script
    assert ":root" not in script


def test_the_public_figures_have_logo_and_colour_too(guide: Guide, tmp_path: Path) -> None:
    (tmp_path / "logo").write_text(SVG)
    client = branded(guide, accent="#7a0019", logo=tmp_path / "logo", public_statistics=True)
    page = client.get("/statistics").text
    assert LOGO.search(page)
    assert "/static/colours.css?v=" in page
