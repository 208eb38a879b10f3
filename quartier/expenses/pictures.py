"""Photographs of receipts: read with care, made small, and stripped of what the telephone wrote into them.

(A file of its own: what strangers upload is opened nowhere else.) Pure: bytes in, bytes out.
"""

import io
import re
import warnings
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import IO, Any

from django.core.files.base import File
from PIL import Image, ImageOps, UnidentifiedImageError

# A photograph of a telephone is a tenth of this.
MOST_BYTES = 12 * 1024 * 1024
# Telephones take 50 million at most. JPEG is decoded smaller; what cannot be, may not be as large.
MOST_PIXELS, MOST_PIXELS_WHOLE = 60_000_000, 25_000_000
# A JPEG may be drawn in many goes, each over the whole picture and written in a few bytes. Telephones and programs need
# a dozen, also with further pictures beside.
MOST_SCANS = 40
LONGEST_SIDE = 1600
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
# A marker with a segment behind it, of those that stand alone the end.
_MARKER = re.compile(rb"\xff+([^\x00\x01\xff\xd0-\xd8])")
_SCAN, _END = b"\xda", b"\xd9"


class Refused(StrEnum):
    """Why a file is not taken."""

    TOO_BIG = "too_big"
    TOO_MANY_PIXELS = "too_many_pixels"
    HEIC = "heic"
    PDF = "pdf"
    KIND = "kind"
    BROKEN = "broken"


class NoPicture(ValueError):
    """The file is no picture that we can keep; `why` says what is wrong with it."""

    def __init__(self, why: Refused) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Picture:
    """A JPEG of ours, and what it looks like: 64 bits (dHash) in hexadecimal, '' for an empty sheet."""

    jpeg: bytes
    looks: str


def cleaned(file: "IO[bytes] | File[Any]") -> Picture:
    """A photograph as we keep it: a JPEG, upright, at most 1600 pixels long, without any other data.

    Size and kind are read from the first bytes before anything is decoded. Raises `NoPicture`.
    """
    file.seek(0)
    given = file.read(MOST_BYTES + 1)
    if len(given) > MOST_BYTES:
        raise NoPicture(Refused.TOO_BIG)
    if given[4:8] == b"ftyp":
        raise NoPicture(Refused.HEIC)
    if b"%PDF-" in given[:1024]:
        raise NoPicture(Refused.PDF)
    if given[:2] == b"\xff\xd8" and _has_too_many_scans(given):
        raise NoPicture(Refused.KIND)
    try:
        with warnings.catch_warnings():
            # What Pillow finds too large is measured by us, below; that data beside the picture is broken is no news.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(given), formats=FORMATS) as opened:
                return _kept(opened)
    except UnidentifiedImageError as error:
        raise NoPicture(Refused.KIND) from error
    except Image.DecompressionBombError as error:
        raise NoPicture(Refused.TOO_MANY_PIXELS) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
        ZeroDivisionError,
        OverflowError,
    ) as error:
        if isinstance(error, NoPicture):
            raise
        raise NoPicture(Refused.BROKEN) from error


def _has_too_many_scans(jpeg: bytes) -> bool:
    """Whether drawing it would take far longer than its size says. Behind its end others keep what they like."""
    at, scans = 2, 0
    while scans <= MOST_SCANS and (found := _MARKER.search(jpeg, at)) and found[1] != _END:
        scans += found[1] == _SCAN
        at = found.end() + max(int.from_bytes(jpeg[found.end() : found.end() + 2]), 2)
    return scans > MOST_SCANS


def _kept(opened: Image.Image) -> Picture:
    width, height = opened.size
    # "MPO": a JPEG with further pictures behind it, as some telephones write; only the first one is read.
    can_be_decoded_smaller = opened.format in {"JPEG", "MPO"}
    if width * height > (MOST_PIXELS if can_be_decoded_smaller else MOST_PIXELS_WHOLE):
        raise NoPicture(Refused.TOO_MANY_PIXELS)
    if can_be_decoded_smaller:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    upright = ImageOps.exif_transpose(opened) or opened
    picture = _on_white(upright)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if min(picture.size) < 1:
        raise NoPicture(Refused.BROKEN)
    made = io.BytesIO()
    # A new picture, from the pixels alone: nothing that was beside them comes along.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Picture(made.getvalue(), _looks(bare))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        sheet = Image.new("RGB", clear.size, "white")
        sheet.paste(clear, mask=clear.getchannel("A"))
        return sheet
    return picture.convert("RGB")


def _looks(picture: Image.Image) -> str:
    """dHash: whether each of 8 by 8 spots is brighter than the next. The same for a picture that was sent again."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    rows = [[int(grey.getpixel((x, y)) or 0) for x in range(9)] for y in range(8)]  # type: ignore[arg-type]
    if max(map(max, rows)) - min(map(min, rows)) < 8:
        return ""
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left > right)
    return f"{bits:016x}"
