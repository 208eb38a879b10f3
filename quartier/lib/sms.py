"""Text messages: how many segments one takes, and so what it costs."""

import unicodedata
from dataclasses import dataclass

# The alphabet of GSM 03.38: one septet each; those of the extension table take two.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
# What no reader misses, but would make each segment of 160 letters one of 70.
PLAIN = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"',
        "\u201e": '"', "«": '"', "»": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u2011": "-", "œ": "oe",
        "Œ": "OE",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """`units` are septets (`GSM-7`) or 16-bit words (`UCS-2`)."""

    encoding: str
    units: int
    segments: int


def plain(text: str) -> str:
    """The text as it goes on the air: without typographic signs that would make it longer, and without the accents of
    letters such as û where they alone would: one of them makes three segments of one. Letters stay as they are where
    the message takes the wide alphabet all the same."""
    spaced = text.replace("«\u00a0", '"').replace("\u00a0»", '"').translate(PLAIN)
    bare = "".join(map(_in_gsm, unicodedata.normalize("NFC", spaced)))
    return bare if size(bare).encoding == "GSM-7" else spaced


def _in_gsm(letter: str) -> str:
    """The letter; without its accent if the alphabet has only that one."""
    if letter in GSM or letter in GSM_DOUBLE:
        return letter
    without = unicodedata.normalize("NFD", letter)[0]
    return without if without in GSM else letter


def size(text: str) -> Size:
    """What a text takes: 160 septets or 70 words in one segment, 153 or 67 in each of several."""
    if all(letter in GSM or letter in GSM_DOUBLE for letter in text):
        widths = [2 if letter in GSM_DOUBLE else 1 for letter in text]
        return Size("GSM-7", sum(widths), _segments(widths, 160, 153))
    widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return Size("UCS-2", sum(widths), _segments(widths, 70, 67))


def _segments(widths: list[int], alone: int, each: int) -> int:
    """A letter of two units is never cut in two, so a segment may end one unit early."""
    if sum(widths) <= alone:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > each:
            count, used = count + 1, 0
        used += width
    return count
