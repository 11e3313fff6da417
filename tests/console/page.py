"""A page as a browser reads it: its elements with their attributes and words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}
NO_MARKS = dict.fromkeys(range(0x2066, 0x206A))
"""Marks of direction around what stands in a sentence."""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list, repr=False)
    within: tuple["Element", ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).translate(NO_MARKS).split())

    def has(self, **attributes: str | None) -> bool:
        """`klass` is one of its classes; None stands for any value."""
        for name, value in attributes.items():
            if name == "klass":
                if value not in self.attributes.get("class", "").split():
                    return False
            elif name not in self.attributes or value not in {None, self.attributes[name]}:
                return False
        return True


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, within=tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    @property
    def text(self) -> str:
        return self.all("body")[0].text

    def all(self, *tags: str, inside: Element | None = None, **attributes: str | None) -> list[Element]:
        """Elements of these tags (of any, if none is named) with these attributes, in the order of the page."""
        return [
            it
            for it in self.elements
            if (not tags or it.tag in tags) and it.has(**attributes) and (inside is None or inside in it.within)
        ]

    def section(self, name: str) -> Element:
        (found,) = self.all("section", **{"aria-labelledby": name})
        return found
