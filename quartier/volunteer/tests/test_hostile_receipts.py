"""Receipts that are made to harm, through the page of the visit: each is a small JPEG of ours or a reason, in a moment
and in little memory, and nothing of what was beside the picture is kept."""

import io
import struct
import time
import tracemalloc
import zlib

import pytest
from PIL import Image

from quartier.expenses import pictures
from quartier.expenses.models import Receipt
from quartier.expenses.tests.conftest import photograph
from quartier.volunteer.tests.test_money import mine, pay

__all__ = ["mine"]
pytestmark = [pytest.mark.django_db, pytest.mark.either]
PAYLOAD = b"<script>alert(1)</script>"
BOMB = zlib.compress(b"\0" * 200_000_000, 9)
MOST_CPU_S, MOST_MEMORY = 8.0, 150_000_000


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*extra, size=(60, 40), rows=None):
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    drawn = zlib.compress(b"\0" * (size[1] * (1 + size[0] * 3)) if rows is None else rows)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + b"".join(extra)
        + chunk(b"IDAT", drawn)
        + chunk(b"IEND", b"")
    )


def webp(width, height):
    """A WebP that says how large it is (VP8X), with nothing behind."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = (
        b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\x02\0\0\0"
        + size
        + b"ANIM"
        + struct.pack("<I", 6)
        + b"\0" * 6
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def in_many_goes(goes, size=(8000, 6000)):
    """A progressive JPEG whose last scan, which changes nothing, comes again and again."""
    made = io.BytesIO()
    Image.new("L", size, 128).save(made, "JPEG", progressive=True)
    whole = made.getvalue()
    last = whole[whole.rfind(b"\xff\xc4") : -2]
    assert b"\xff\xda" in last
    return whole[:-2] + last * goes + b"\xff\xd9"


def jpeg_of(width, height):
    whole = bytearray(photograph((64, 48)))
    at = whole.index(b"\xff\xc0") + 5
    whole[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(whole)


HOSTILE = {
    "zTXt bomb": png(chunk(b"zTXt", b"a\0\0" + BOMB)),
    "many zTXt": png(*[chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 900_000))] * 200),
    "iTXt bomb": png(chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB)),
    "iCCP bomb": png(chunk(b"iCCP", b"a\0\0" + BOMB)),
    "eXIf of nonsense": png(chunk(b"eXIf", b"MM\0*\0\0\0\x08" + b"\xff" * 60_000)),
    "IDAT bomb": png(rows=b"\0" * 200_000_000),
    "a chunk as long as can be said": b"\x89PNG\r\n\x1a\n"
    + struct.pack(">I", 0x7FFFFFFF)
    + b"IHDR"
    + b"\0" * 40,
    "no size": png(size=(0, 0)),
    "a PNG of 60,000 by 60,000": png(size=(60_000, 60_000), rows=b"\0"),
    "a PNG of a million by one": png(size=(1_000_000, 25), rows=b"\0"),
    "a WebP of 16,384 by 16,384": webp(16_384, 16_384),
    "a JPEG of 65,000 by 65,000": jpeg_of(65_000, 65_000),
    "a JPEG of 7,000 by 7,000 with nothing in it": jpeg_of(7000, 7000),
    "a JPEG in very many goes": in_many_goes(20_000),
    "half a PNG": png()[:60],
    "half a JPEG": photograph()[:9000],
    "half a WebP": photograph((800, 600), "WEBP")[:2000],
    "a page behind a JPEG": photograph() + PAYLOAD,
    "a page in a comment of a JPEG": photograph()[:2] + b"\xff\xfe\0\x1b" + PAYLOAD + photograph()[2:],
    "a page in a text of a PNG": png(chunk(b"tEXt", b"Comment\0" + PAYLOAD)),
    "an archive behind a PNG": png() + b"PK\x03\x04" + PAYLOAD,
    "a GIF that says JPEG": b"GIF89a" + photograph(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_a_picture_of_ours_or_a_reason(client, mine, name):
    tracemalloc.start()
    began = time.process_time()
    response = pay(client, mine, "12,50", HOSTILE[name])
    took, (_now, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code in {302, 422}
    assert took < MOST_CPU_S
    # Pillow's own memory is not seen here: how many pixels it draws is bounded by their number.
    assert most < MOST_MEMORY + 3 * len(HOSTILE[name])
    if response.status_code == 422:
        assert not Receipt.objects.exists()
        return
    shown = client.get(f"{mine}receipt/{Receipt.objects.get().pk}.jpg")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    kept = b"".join(shown.streaming_content) if shown.streaming else shown.content
    assert kept.startswith(b"\xff\xd8")
    assert PAYLOAD not in kept
    assert len(kept) < 400_000


def test_a_picture_of_a_telephone_has_few_goes():
    for given in (photograph(), in_many_goes(pictures.MOST_SCANS - 12, (800, 600))):
        assert pictures.cleaned(io.BytesIO(given)).jpeg
    # What stands behind its end is no part of it, whatever it holds.
    assert pictures.cleaned(io.BytesIO(photograph() + b"\xff\xda\0\x02" * 5000)).jpeg
