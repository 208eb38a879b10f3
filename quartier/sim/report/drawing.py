"""A drawing: rectangles, paths and words, with one sentence that says what it shows. A template writes it as SVG."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rect:
    x: str
    y: str
    width: str
    height: str
    css: str


@dataclass(frozen=True)
class Path:
    d: str
    css: str


@dataclass(frozen=True)
class Text:
    """Words at a point. `anchor`: start, middle or end."""

    x: str
    y: str
    words: str
    css: str = ""
    anchor: str = "start"


@dataclass
class Drawing:
    """What is drawn, from the back to the front. `label` is the text alternative."""

    width: int
    height: int
    label: str
    rects: list[Rect] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        self.rects.append(Rect(short(x), short(y), short(width), short(height), css))

    def path(self, points: list[tuple[float, float]], css: str) -> None:
        """A line through the points."""
        self.paths.append(Path("M" + " ".join(f"{short(x)} {short(y)}" for x, y in points), css))

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start") -> None:
        self.texts.append(Text(short(x), short(y), words, css, anchor))


def short(value: float) -> str:
    """A coordinate to a tenth, without a comma in any language."""
    return f"{value:.1f}".removesuffix(".0")
