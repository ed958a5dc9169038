"""HTML → what a browser would make of it, for tests without one."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """What a browser would make of some HTML: its tags, links, marked words and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marks: dict[str, str] = {}
        self.ids: list[str] = []
        self.words = ""
        self._marking: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "mark":
            self._marking = (attributes["class"] or "").split()

    def handle_endtag(self, tag):
        if tag == "mark":
            self._marking = []

    def handle_data(self, data):
        self.words += data
        for name in self._marking:
            self.marks[name] = self.marks.get(name, "") + data

    def links(self, kind: str) -> list[str]:
        return [a["href"] for tag, a in self.tags if tag == "a" and a.get("class") == kind]
