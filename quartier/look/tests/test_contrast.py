"""The colours keep their contrast in each theme (WCAG 2.2: 4.5 for text, 3 for edges one must see)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parent.parent / "static" / "look" / "tokens.css").read_text()
TEXT = [
    ("ink", "ground"), ("ink", "surface"), ("ink", "sunken"), ("ink", "tint"), ("ink", "lamp-soft"),
    ("ink-2", "ground"), ("ink-2", "surface"), ("ink-2", "sunken"),
    ("link", "ground"), ("link", "surface"), ("link", "tint"),
    ("danger", "ground"), ("danger", "surface"), ("danger", "danger-soft"), ("on-danger", "danger-fill"),
    ("done", "done-soft"), ("on-plate", "plate"), ("on-plate", "plate-down"), ("on-lamp", "lamp"),
]  # fmt: skip
EDGES = [("line-strong", "ground"), ("line-strong", "surface"), ("lamp-edge", "ground"), ("focus", "ground")]


def block(selector):
    found = re.search(re.escape(selector) + r"\s*\{(.*?)\}", TOKENS, re.DOTALL)
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})", found[1]))


LIGHT = block(':root, [data-theme="light"]')
DARK = LIGHT | block('\n[data-theme="dark"]')
THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "more": LIGHT | block('\n[data-contrast="more"]'),
    "more, dark": DARK
    | block('\n[data-contrast="more"]')
    | block('[data-theme="dark"][data-contrast="more"]'),
}


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme):
    colours = THEMES[theme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXT}
    assert not {pair: round(value, 2) for pair, value in weak.items() if value < 4.5}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_can_be_seen(theme):
    colours = THEMES[theme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGES}
    assert not {pair: round(value, 2) for pair, value in weak.items() if value < 3}


def test_the_systems_wish_gives_the_same_colours_as_ours():
    """Each dark colour stands twice in the sheet; the two must not drift apart."""
    assert block(':root:not([data-theme="light"])') == block('\n[data-theme="dark"]')
