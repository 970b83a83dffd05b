"""What an enemy types, and the fields of a page to type it in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SCRIPT = "<script>alert(1)</script>"
NUL = "avant\x00après"
VALUES = {
    "markup": f"\"'><img src=x onerror=alert(1)>{SCRIPT}{{{{ 7*7 }}}}{{% now 'Y' %}}%s%(name)s{{0}}",
    "nul": NUL,
    "surrogate": "a\ud800b\udfff",
    "bidi": "abc\u202etxt.exe\u2066\u200f\u200b\ufeff",
    "controls": "a\x01\x08\x1b[31m\x7f\x85\r\nBcc: x@example.org\r\n",
    "digits that are none": "²③٣",
    "huge number": "9" * 5000,
    "negative": "-1",
    "long": "é" * 20_000,
    "path": "../../../../etc/passwd",
    "sql": "' OR 1=1; DROP TABLE x; --",
    "json": '{"label": "\\ud800", "city": {"a": 1}, "street": "\\u0000"}',
    "date": "99999",
    "zero": "0",
    "astral": "𝕏👩‍👩‍👧‍👦\U0010ffff",
}


@dataclass
class Form:
    """A form of a page, as a browser would send it, and its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Every form of a page: its fields with what they hold, boxes ticked or not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        if self._open is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "file":
                self._open.files.append(name)
            elif kind != "submit":
                self._open.fields.append((name, given.get("value", "on")))
        elif tag == "button" and name:
            self._open.buttons.append((name, given.get("value", "")))
        elif tag == "select" or tag == "textarea":
            self._open.fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_of(html: str) -> list[Form]:
    return Forms(html).forms
