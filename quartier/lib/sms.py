"""Text messages: how many segments one takes, and so what it costs."""

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
    """The text without typographic signs that would make it longer on the air. Letters stay as they are."""
    spaced = text.replace("«\u00a0", '"').replace("\u00a0»", '"')
    return spaced.translate(PLAIN)


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
