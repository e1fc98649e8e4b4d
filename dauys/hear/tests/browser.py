"""What a browser without scripts does: read the fields of a page's form and send them back."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._form = self._area = self._select = ""
        self._words: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self._form = "main" if "data-once" in told else "other"
        if self._form != "main":
            return
        if tag == "input" and "name" in told:
            kind = told.get("type", "text")
            if kind == "file" or (kind in ("radio", "checkbox") and "checked" not in told):
                return
            self.found.append((told["name"], told.get("value") or ""))
        elif tag == "textarea":
            self._area, self._words = told["name"], []
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and self._select and "selected" in told:
            self.found.append((self._select, told.get("value") or ""))

    def handle_data(self, data):
        if self._area:
            self._words.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            # A browser leaves out one line end right after the tag.
            self.found.append((self._area, "".join(self._words).removeprefix("\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = ""


def fields_of(page) -> dict[str, object]:
    """The form's fields as the browser would post them: lists where a name stands several times."""
    reader = _Fields()
    reader.feed(page.content.decode())
    told: dict[str, object] = {}
    for name, value in reader.found:
        if name in told:
            told[name] = [*(told[name] if isinstance(told[name], list) else [told[name]]), value]
        else:
            told[name] = value
    return told
