"""What people send in place of a photograph of a receipt: kept small and bare, or refused with a reason."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from quartier.expenses import pictures
from quartier.expenses.pictures import NoPicture, Refused
from quartier.expenses.tests.conftest import photograph


def kept(given):
    return pictures.cleaned(io.BytesIO(given))


def refused(given):
    with pytest.raises(NoPicture) as caught:
        kept(given)
    return caught.value.why


def png_header(width, height):
    """A PNG that says how large it is, with hardly anything behind."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def gps():
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright, stored on its side
    exif[0x010F] = "Telephone of Marie"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 49.0, 39.0), 3: "E", 4: (4.0, 22.0, 20.0)})
    return exif.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photographs_become_a_small_jpeg(kind):
    made = kept(photograph((2400, 3200), kind))
    with Image.open(io.BytesIO(made.jpeg)) as again:
        assert again.format == "JPEG"
        assert max(again.size) == 1600
    assert len(made.jpeg) < 400_000
    assert len(made.looks) == 16


def test_where_it_was_taken_is_not_kept_and_it_stands_upright():
    given = photograph((800, 600), exif=gps())
    assert b"Telephone of Marie" in given
    made = kept(given)
    assert b"Telephone" not in made.jpeg
    assert b"Exif" not in made.jpeg
    with Image.open(io.BytesIO(made.jpeg)) as again:
        assert again.size == (600, 800)
        assert not again.getexif()


def test_the_same_picture_looks_the_same_and_another_does_not():
    assert kept(photograph()).looks == kept(photograph(quality=60)).looks
    assert kept(photograph()).looks != kept(photograph(seed=5)).looks
    # An empty sheet looks like every other one.
    empty = io.BytesIO()
    Image.new("RGB", (500, 500), "white").save(empty, "JPEG")
    assert kept(empty.getvalue()).looks == ""


def test_a_picture_of_a_hundred_megapixels_is_not_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    assert refused(png_header(10_000, 10_000)) == Refused.TOO_MANY_PIXELS
    assert refused(png_header(60_000, 60_000)) == Refused.TOO_MANY_PIXELS


def test_a_large_photograph_of_a_telephone_is_taken_and_decoded_small():
    made = io.BytesIO()
    Image.new("RGB", (8160, 6120), "navy").save(made, "JPEG")
    with Image.open(io.BytesIO(kept(made.getvalue()).jpeg)) as again:
        assert again.size == (1600, 1200)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", Refused.KIND),
        (b"%PDF-1.7\n" + b"1 0 obj <</Length 99999999>> stream" * 10, Refused.PDF),
        (b"\n\n%PDF-1.4", Refused.PDF),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100, Refused.HEIC),
        (b"GIF89a" + b"\0" * 40, Refused.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refused.KIND),
        (b"<html><script>alert(1)</script>", Refused.KIND),
        (b"PK\x03\x04" + b"\0" * 100, Refused.KIND),
        (b"\xff\xd8\xff", Refused.KIND),
        (b"\x89PNG\r\n\x1a\n", Refused.BROKEN),
        (b"x" * (pictures.MOST_BYTES + 1), Refused.TOO_BIG),
        (b"\xff\xd8" + b"x" * 20_000_000, Refused.TOO_BIG),
    ],
)
def test_what_is_no_photograph_says_why(given, why):
    found = refused(given)
    assert found == why or {found, why} == {Refused.KIND, Refused.BROKEN}


def test_an_animated_gif_is_refused():
    made = io.BytesIO()
    frames = [Image.new("P", (50, 50), number) for number in range(4)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    assert refused(made.getvalue()) == Refused.KIND


def test_a_truncated_photograph_is_refused():
    whole = photograph()
    assert refused(whole[: len(whole) // 2]) == Refused.BROKEN


def test_of_a_polyglot_only_the_picture_is_left():
    given = photograph() + b"<script>alert(1)</script>PK\x03\x04%PDF-"
    assert b"script" not in kept(given).jpeg


def test_only_the_first_of_several_pictures_is_kept():
    made = io.BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(made, "MPO", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(kept(made.getvalue()).jpeg)) as again:
        assert again.getpixel((100, 100))[0] > 200
    made = io.BytesIO()
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:])
    assert kept(made.getvalue()).jpeg


def test_what_is_clear_becomes_white():
    made = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(made, "PNG")
    with Image.open(io.BytesIO(kept(made.getvalue()).jpeg)) as again:
        assert min(again.getpixel((50, 50))) > 250


WHOLE = photograph((160, 120))
WHOLE_PNG = photograph((160, 120), "PNG")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([WHOLE, WHOLE_PNG]),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=8),
)
def test_broken_in_any_place_it_is_a_picture_or_a_reason(whole, changes):
    given = bytearray(whole)
    for place, value in changes:
        given[place % len(given)] = value
    with contextlib.suppress(NoPicture):
        assert kept(bytes(given)).jpeg.startswith(b"\xff\xd8")
