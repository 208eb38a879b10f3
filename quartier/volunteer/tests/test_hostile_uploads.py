"""What is sent through the page in place of a photograph of a receipt: kept bare, or refused; it never harms."""

import io
import struct
import tracemalloc
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quartier.expenses.models import Expense, Receipt
from quartier.expenses.tests.conftest import photograph

pytestmark = [pytest.mark.django_db, pytest.mark.either]
SCRIPT = b"<script>alert(document.domain)</script>"


@pytest.fixture
def mine(client, opened, links):
    client.post(links["Youssef"], {"do": "yes"})
    return links["Youssef"]


def chunk(name, body, length=None, crc=None):
    right = zlib.crc32(name + body)
    return (
        struct.pack(">I", len(body) if length is None else length)
        + name
        + body
        + struct.pack(">I", right if crc is None else crc)
    )


def png(*more, width=300, height=400, pixels=None, depth=8):
    """A PNG with whatever chunks before its picture."""
    head = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    rows = (b"\0" + bytes(range(250)) * 4)[: 1 + width * 3] * height if pixels is None else pixels
    data = zlib.compress(rows, 1)
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


BOMB = zlib.compress(b"\0" * 30_000_000, 1)
# Not one of these is a picture that can be kept.
REFUSED = {
    "pixels that unfold without end": png(pixels=b"\0" * 30_000_000, width=20_000, height=20_000),
    "no picture at all": png(pixels=b""),
    "a size of nothing": png(width=0, height=0, pixels=b""),
    "a size beyond counting": png(width=2**31 - 1, height=2**31 - 1, pixels=b"\0"),
    "a chunk longer than the file": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13, length=2**31),
    "text that unfolds": png(chunk(b"zTXt", b"k\0\0" + BOMB)),
    "text in languages that unfolds": png(chunk(b"iTXt", b"k\0\1\0\0\0" + BOMB)),
    "a page": b"<!doctype html>" + SCRIPT,
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program": b"\x7fELF" + b"\0" * 3000,
    "an archive": b"PK\x03\x04" + b"\0" * 3000,
    "a document": b"%PDF-1.7 " + SCRIPT,
    "nothing": b"",
}
# In these there is one: it is kept, and nothing of what was beside it.
KEPT = {
    "a page behind a picture": photograph() + SCRIPT,
    "a page within a PNG": png(chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    "a colour profile that unfolds": png(chunk(b"iCCP", b"p\0\0" + BOMB)),
    "places of a telephone": png(chunk(b"eXIf", b"MM\0*" + b"\xff" * 3000)),
    "unknown chunks": png(*(chunk(b"quRt", SCRIPT) for _each in range(2000))),
    "many pictures, one after the other": png(
        chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)),
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 300, 400, 0, 0, 1, 1, 0, 0)),
    ),
}


def sends(client, mine, content, name="r.jpg", kind="image/jpeg"):
    file = SimpleUploadedFile(name, content, kind)
    return client.post(mine, {"do": "paid", "amount": "12,50", "receipt": [file]})


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_in_words_and_keeps_nothing(client, mine, what):
    answer = sends(client, mine, REFUSED[what])
    assert answer.status_code == 422
    assert not Expense.objects.exists()
    assert not Receipt.objects.exists()
    assert "r.jpg" not in answer.content.decode()


@pytest.mark.parametrize("what", KEPT)
def test_what_was_beside_a_picture_is_not_kept(client, mine, what):
    if sends(client, mine, KEPT[what]).status_code == 422:
        assert not Receipt.objects.exists()
        return
    served = client.get(f"{mine}receipt/{Receipt.objects.get().pk}.jpg")
    kept = b"".join(served.streaming_content) if served.streaming else served.content
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, max(picture.size) <= 1600) == ("JPEG", True)
    assert SCRIPT not in kept
    assert len(kept) < 1_000_000
    assert served["Content-Type"] == "image/jpeg"
    assert served["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../etc/passwd", "image/jpeg"),
        ("r.php\x00.jpg", "text/html"),
        ("é" * 300 + ".svg", "image/svg+xml"),
        ('"><script>.jpg', "application/x-httpd-php"),
    ],
)
def test_neither_its_name_nor_its_kind_is_believed(client, mine, name, kind):
    assert sends(client, mine, photograph(), name, kind).status_code == 302
    assert Receipt.objects.count() == 1


def test_nothing_that_unfolds_takes_much_memory(client, mine):
    tracemalloc.start()
    try:
        for content in (*REFUSED.values(), *KEPT.values()):
            sends(client, mine, content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100_000_000
