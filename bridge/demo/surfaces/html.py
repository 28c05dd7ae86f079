"""Reads a page as a person does: which words stand in which part of it."""

from collections.abc import Iterator
from html.parser import HTMLParser

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})


class Element:
    """A part of a page."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        """Empty yet."""
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def classes(self) -> list[str]:
        """What its `class` says."""
        return self.attributes.get("class", "").split()

    @property
    def words(self) -> str:
        """Its text, as one line."""
        return " ".join(" ".join(self.texts()).split())

    def texts(self) -> Iterator[str]:
        """Its text as it stands in the page, piece by piece."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()

    def parts(self, tag: str = "", *, css: str = "", id: str = "") -> Iterator["Element"]:
        """Every part inside with this tag, class and id, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                if child.matches(tag, css, id):
                    yield child
                yield from child.parts(tag, css=css, id=id)

    def part(self, tag: str = "", *, css: str = "", id: str = "") -> "Element":
        """The first such part; an empty one when the page has none."""
        return next(self.parts(tag, css=css, id=id), Element("", {}))

    def matches(self, tag: str, css: str, id: str) -> bool:
        """True when what is given fits; what is empty fits everything."""
        return (
            tag in ("", self.tag)
            and (not css or css in self.classes)
            and id in ("", self.attributes.get("id"))
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(html: str) -> Element:
    """The page as a tree; what is not closed is closed where its parent is."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root
