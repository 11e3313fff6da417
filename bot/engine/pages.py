"""The messages of a part of a conversation: the newest at hand, the older ones in packed pages.

A turn reads and writes the whole part, and hardly ever an older message. Packed once, they cost a turn next to nothing,
so that it takes as long after 200 turns as after ten.
"""

import base64
import json
import zlib
from collections.abc import Iterable, MutableSequence
from typing import Any, Self, overload

type Message = dict[str, Any]

PAGE = 16
"""Messages of a page; the newest ones, at hand, are up to twice as many. About five turns."""


class Transcript(MutableSequence[Message]):
    """A list of messages, unpacked whole as soon as one of the older ones is looked at."""

    def __init__(self, newest: Iterable[Message] = (), pages: Iterable[str] = ()) -> None:
        self._newest = list(newest)
        self._pages = list(pages)

    @classmethod
    def of(cls, messages: Iterable[Message]) -> Self:
        return messages if isinstance(messages, cls) else cls(messages)

    def packed(self) -> dict[str, Any]:
        """As it is kept: `transcript`, the newest messages, and `pages`."""
        while len(self._newest) >= 2 * PAGE:
            self._pages.append(_packed(self._newest[:PAGE]))
            del self._newest[:PAGE]
        return {"transcript": self._newest, "pages": self._pages}

    def __len__(self) -> int:
        return self._older + len(self._newest)

    @property
    def _older(self) -> int:
        return PAGE * len(self._pages)

    @overload
    def __getitem__(self, place: int) -> Message: ...
    @overload
    def __getitem__(self, place: slice) -> list[Message]: ...
    def __getitem__(self, place: int | slice) -> Message | list[Message]:
        if isinstance(place, int):
            place = range(len(self))[place]
            return self._reaching(place)[place - self._older]
        places = range(len(self))[place]
        at_hand = self._reaching(min(places, default=self._older))
        return [at_hand[each - self._older] for each in places]

    def __setitem__(self, place: Any, value: Any) -> None:
        self._reaching(0)[place] = value

    def __delitem__(self, place: int | slice) -> None:
        places = range(len(self))[place] if isinstance(place, slice) else [range(len(self))[place]]
        at_hand = self._reaching(min(places, default=self._older))
        for each in sorted(places, reverse=True):
            del at_hand[each - self._older]

    def insert(self, index: int, value: Message) -> None:
        if index >= len(self):
            self._newest.append(value)
        else:
            self._reaching(0).insert(index, value)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Transcript | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Transcript({len(self)} messages)"

    def _reaching(self, place: int) -> list[Message]:
        """The messages at hand, after all were unpacked where `place` lies on a page."""
        if place < self._older:
            self._newest[:0] = [message for page in self._pages for message in _unpacked(page)]
            self._pages.clear()
        return self._newest


def _packed(messages: list[Message]) -> str:
    return base64.b64encode(zlib.compress(to_bytes(messages))).decode("ascii")


def _unpacked(page: str) -> list[Message]:
    messages: list[Message] = of_bytes(zlib.decompress(base64.b64decode(page)))
    return messages


def to_bytes(content: Any) -> bytes:
    """JSON in UTF-8, with half characters as a browser may send them."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def of_bytes(plain: bytes) -> Any:
    return json.loads(plain.decode("utf-8", "surrogatepass"))
