"""In which order languages are offered to a caller: the likely ones first. Each keeps its key, whatever the order."""

from collections.abc import Collection, Sequence

# What people speak there, by the beginning of a number (E.164); the longest beginning counts. Belgian zones are those
# of landlines; mobiles and Brussels say nothing.
LANGUAGES_BY_PREFIX: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("+33", "+377"), ("fr",)),
    **dict.fromkeys(("+31",), ("nl",)),
    **dict.fromkeys(("+49", "+43", "+423"), ("de",)),
    **dict.fromkeys(("+44", "+353", "+1"), ("en",)),
    "+352": ("fr", "de"),
    "+41": ("de", "fr"),
    **dict.fromkeys(
        [f"+32{zone}" for zone in (10, 19, 42, 43, 60, 61, 63, 64, 65, 67, 68, 69, 71, *range(80, 87))],
        ("fr",),
    ),
    # Verviers and Eupen.
    "+3287": ("fr", "de"),
    **dict.fromkeys(
        [f"+32{zone}" for zone in (3, 9, 11, 12, 13, 14, 15, 16, *range(50, 60), 89)],
        ("nl",),
    ),
    # Toll-free numbers begin alike.
    "+32800": (),
}
# After the greeting a key is still a language: no other key has been told by then.
LATE_KEY_S = 4.0
# Whose language is known hears no greeting, and presses the key of last time all the same: it is a language until what
# is said while they wait has come to "press one" (place and minutes stand before it; in no language sooner).
KNOWN_KEY_S = 10.0
MAX_PREFIX_CHARS = max(map(len, LANGUAGES_BY_PREFIX))

Offered = tuple[tuple[str, str], ...]


def languages_of_number(number: str) -> tuple[str, ...]:
    """What is likely spoken where this number is at home; nothing for one that does not say."""
    for length in range(min(len(number), MAX_PREFIX_CHARS), 1, -1):
        if number[:length] in LANGUAGES_BY_PREFIX:
            return LANGUAGES_BY_PREFIX[number[:length]]
    return ()


def offer_languages(number: str, languages: Sequence[str], spoken: Collection[str]) -> Offered:
    """Key and language in the order in which they are said: what the number says, then what is `spoken` by those on
    shift, then as the group has put them. The key is that of the group's order."""
    by_number = languages_of_number(number)

    def rank(one: tuple[str, str]) -> tuple[int, bool]:
        language = one[1]
        at = by_number.index(language) if language in by_number else len(by_number)
        return at, language not in spoken

    return tuple(sorted(((str(key), each) for key, each in enumerate(languages, 1)), key=rank))
