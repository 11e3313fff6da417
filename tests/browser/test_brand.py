"""A city's logo and colour on the real page: nothing in the logo runs, and what is hard to read is made readable."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.test_screen import barriers, too_small, too_wide
from tests.server import Server

pytestmark = pytest.mark.slow

OPERATOR = "Københavns Kommune"
HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80" onload="document.title = 'ran'">
<script>document.title = "ran"; fetch("/ran-script")</script>
<style>@import url("/ran-import"); text { fill: url("/ran-fill#a") }</style>
<image href="/ran-image" width="9" height="9"/>
<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="/ran-frame"/></foreignObject>
<a href="javascript:document.title = 'ran'"><text y="60" font-size="60">KOMMUNE</text></a>
</svg>"""
"""Wide, and what an operator could be given by somebody else."""
LIGHT_YELLOW = "#fff3b0"


@pytest.fixture(scope="module")
def city(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("city")
    (folder / "logo.svg").write_text(HOSTILE)
    named = {"VEJVISER_OPERATOR_NAME": OPERATOR, "VEJVISER_ACCENT": LIGHT_YELLOW}
    with Server(folder, VEJVISER_LOGO=str(folder / "logo.svg"), **named) as server:
        yield server


def answered(page: Page) -> list[str]:
    """Addresses of what has come from the server; a request that the policy stops never leaves the browser."""
    came: list[str] = []

    def note(response: Response) -> None:
        came.append(response.url)

    page.on("response", note)
    return came


def test_nothing_in_a_logo_runs_or_fetches(city: Server, browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    came = answered(page)
    page.goto(f"{city.url}/?lang=da", wait_until="networkidle")
    logo = page.get_by_role("img", name=OPERATOR)
    assert logo.evaluate("image => image.complete && image.naturalWidth > 0")
    address = str(logo.get_attribute("src"))
    page.goto(city.url + address, wait_until="networkidle")
    page.locator("a").click()
    assert page.locator("text").text_content() == "KOMMUNE"
    assert page.evaluate("document.title") != "ran"
    assert any("/static/logo.svg" in it for it in came)
    assert [it for it in came if "ran-" in it] == []
    page.close()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.long), "dark"])
def test_a_colour_like_paper_and_a_wide_logo_leave_all_readable_and_in_reach(
    city: Server, browser: Browser, scheme: str
) -> None:
    page = browser.new_page(viewport=PHONE, color_scheme=scheme, bypass_csp=True)
    chat = Chat(page, city.url)
    contrast = {"type": "rule", "values": ["color-contrast", "image-alt", "image-redundant-alt"]}
    for part in ("picker", "cards"):
        if part == "picker":
            page.goto(f"{city.url}/?lang=ar")
        else:
            chat.begin("ar").press("need_danish_start", "residence_family")
        logo, leave = page.locator(".brand img").bounding_box(), page.locator(".leave").bounding_box()
        assert logo
        assert leave
        assert abs(logo["y"] - leave["y"]) < leave["height"], "the way out stands beside the logo, not under it"
        assert (part, too_wide(chat), too_small(chat)) == (part, [], [])
        assert (part, barriers(chat, contrast)) == (part, [])
        page.set_viewport_size(PHONE)
    page.close()
