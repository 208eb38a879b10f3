"""Photographs of receipts, drawn: a slip of paper on a table, each one another."""

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from quartier.expenses.pictures import Picture, cleaned

WIDTH, HEIGHT = 640, 900


def receipt(draw: random.Random, shop: str, lines: Sequence[str], cents: int) -> Picture:
    """A receipt of this shop over these things, of so many cents in all."""
    tables = ("#b08d65", "#6d7f8d", "#c9c3b8", "#55606b", "#94806a")
    picture = Image.new("RGB", (WIDTH, HEIGHT), draw.choice(tables))
    pen = ImageDraw.Draw(picture)
    for _ in range(7):
        # What else lies there: no two tables look alike.
        left, top, size = draw.randint(0, WIDTH), draw.randint(0, HEIGHT), draw.randint(60, 260)
        pen.ellipse((left, top, left + size, top + size), fill=draw.choice(tables))
    left, top = draw.randint(60, 160), draw.randint(30, 90)
    pen.rectangle((left, top, left + 400, top + 190 + 44 * len(lines)), fill="#fbfaf6")
    font = ImageFont.load_default(24)
    pen.text((left + 30, top + 24), shop, fill="#222", font=font)
    for number, (line, price) in enumerate(zip(lines, _prices(draw, len(lines), cents), strict=True)):
        row = top + 84 + 44 * number
        pen.text((left + 30, row), line[:22], fill="#333", font=font)
        pen.text((left + 310, row), _euros(price), fill="#333", font=font)
    pen.text((left + 30, top + 120 + 44 * len(lines)), "TOTAL EUR", fill="#111", font=font)
    pen.text((left + 310, top + 120 + 44 * len(lines)), _euros(cents), fill="#111", font=font)
    file = io.BytesIO()
    picture.rotate(draw.uniform(-4, 4), fillcolor=draw.choice(tables)).save(file, "JPEG", quality=70)
    return cleaned(file)


def _prices(draw: random.Random, count: int, cents: int) -> list[int]:
    """So many prices that make this sum."""
    weights = [draw.uniform(1, 3) for _ in range(count)]
    prices = [int(cents * weight / sum(weights)) for weight in weights]
    prices[-1] += cents - sum(prices)
    return prices


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
