"""The words of a page, for letters that have no text of their own. What it quotes begins with `>`."""

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "head", "title", "template", "noscript", "svg"}
_BLOCKS = {
    "p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "pre", "dl",
    "dt", "dd", "blockquote", "center", "hr",
}  # fmt: skip
_LONE = {"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source", "embed"}
# By what mail programs mark the letter that is answered.
_QUOTES = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|tutanota_quote|divRplyFwdMsg|appendonsend|"
    r"mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|gmx_quote|zmail_extra"
)
# Where everything below is what is answered, though it does not stand in it.
_BELOW = re.compile(r"divRplyFwdMsg|appendonsend")
MOST_DEEP = 500


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        # Open elements: their names, and whether what is inside is silent or quoted.
        self.open: list[tuple[str, bool, bool]] = []
        self.below = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.lines.append("")
        if tag in _BLOCKS:
            self._break()
        if tag == "li":
            self._break()
            self.handle_data("- ")
        if tag in _LONE or len(self.open) >= MOST_DEEP:
            return
        marks = " ".join(value or "" for name, value in attrs if name in {"class", "id", "name"})
        self.below = self.below or bool(_BELOW.search(marks))
        silent, quoted = (self.open[-1][1], self.open[-1][2]) if self.open else (False, False)
        hidden = any(
            name == "style" and "display:none" in (value or "").replace(" ", "") for name, value in attrs
        )
        quoted = quoted or tag == "blockquote" or bool(_QUOTES.search(marks))
        self.open.append((tag, silent or hidden or tag in _SILENT, quoted))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, max(len(self.open) - 50, -1), -1):
            if self.open[place][0] == tag:
                if tag in _BLOCKS or tag == "li":
                    self._break()
                if tag == "p":
                    self.lines.append("")
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        silent, quoted = (self.open[-1][1], self.open[-1][2]) if self.open else (False, False)
        words = re.sub(r"[ \t\r\n\u00a0]+", " ", data)
        if silent or not words:
            return
        if (quoted or self.below) and words.strip():
            if not self.lines[-1].startswith(">"):
                self._break()
                self.lines[-1] = "> "
            self.lines[-1] += words
        else:
            if self.lines[-1].startswith(">") and words.strip():
                self._break()
            self.lines[-1] += words.lstrip() if not self.lines[-1] else words

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")


def as_text(page: str) -> str:
    """The words, a line for each line that a reader would see. Never raises."""
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except (AssertionError, ValueError):
        # What was read until here is all that there is.
        pass
    text = "\n".join(line.strip() for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
