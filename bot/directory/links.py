"""Whether the pages that the directory names still answer; asked politely, at each site one after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from time import sleep
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from bot.directory.services import Service

AT_ONCE, BETWEEN_SECONDS, PATIENCE_SECONDS, RETRIES = 4, 1.0, 15.0, 2
REFUSES_HEAD = {403, 405, 501}
AGENT = "Vejviser link check (a municipality's service directory)"
OK, MOVED, GONE, SILENT = "ok", "moved", "gone", "no answer"


@dataclass(frozen=True)
class Link:
    url: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    link: Link
    state: str
    """`ok`, `moved` (to `detail`), `gone` (with the status) or `no answer` (with the kind of error)."""
    detail: str = ""


def links_of(services: Iterable[Service]) -> list[Link]:
    """The page of each service, and its sources, each once."""
    named: dict[str, list[str]] = defaultdict(list)
    for service in services:
        for url in (service.url, *service.source_urls):
            if url and url.startswith("http") and service.id not in named[url]:
                named[url].append(service.id)
    return [Link(url, tuple(ids)) for url, ids in named.items() if ids]


def check_links(links: Iterable[Link], between: float = BETWEEN_SECONDS) -> Iterator[Outcome]:
    """Outcomes as they come; the links of one site wait for each other, `between` seconds apart."""
    sites: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        sites[urlsplit(link.url).netloc].append(link)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting = [threads.submit(_check_site, some, between) for some in sites.values()]
        for done in as_completed(waiting):
            yield from done.result()


def _check_site(links: list[Link], between: float) -> list[Outcome]:
    found = []
    with requests.Session() as session:
        session.headers["User-Agent"] = AGENT
        retry = Retry(total=RETRIES, backoff_factor=0.5, status_forcelist=(429, 502, 503, 504), raise_on_status=False)
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        for place, link in enumerate(links):
            if place:
                sleep(between)
            found.append(_check(session, link))
    return found


def _check(session: requests.Session, link: Link) -> Outcome:
    try:
        answer = session.head(link.url, timeout=PATIENCE_SECONDS, allow_redirects=True)
        if answer.status_code in REFUSES_HEAD:
            answer = session.get(link.url, timeout=PATIENCE_SECONDS, allow_redirects=True, stream=True)
            answer.close()
    except requests.RequestException as error:
        return Outcome(link, SILENT, type(error).__name__)
    if answer.status_code >= requests.codes.bad_request:
        return Outcome(link, GONE, str(answer.status_code))
    moved = _page(answer.url) != _page(link.url)
    return Outcome(link, MOVED, answer.url) if moved else Outcome(link, OK)


def _page(url: str) -> str:
    """An address without what a redirect changes and no reader notices: scheme, `www.`, a slash at the end."""
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")
