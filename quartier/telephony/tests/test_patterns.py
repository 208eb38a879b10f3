"""What strangers write is matched in a time that grows as its length: call control stands still while a pattern is at
work, and so does everybody on the line."""

import importlib
import pkgutil
import re
from itertools import product
from pathlib import Path

import pytest

from quartier import telephony
from quartier.lib import phone

# The tree of a pattern, as `re` reads it.
PARSER, CODES = re._parser, re._constants
UNBOUNDED = 50
CHARS = frozenset(map(chr, range(256)))
CLASSES = {
    CODES.CATEGORY_DIGIT: r"\d",
    CODES.CATEGORY_NOT_DIGIT: r"\D",
    CODES.CATEGORY_SPACE: r"\s",
    CODES.CATEGORY_NOT_SPACE: r"\S",
    CODES.CATEGORY_WORD: r"\w",
    CODES.CATEGORY_NOT_WORD: r"\W",
}


def _folded(chars, flags):
    return frozenset(chars | {each.swapcase() for each in chars}) & CHARS if flags & re.IGNORECASE else chars


def _set(items, flags):
    found, negated = set(), False
    for code, value in items:
        if code is CODES.NEGATE:
            negated = True
        elif code is CODES.LITERAL:
            found.add(chr(value))
        elif code is CODES.RANGE:
            found |= {chr(each) for each in range(value[0], min(value[1], 255) + 1)}
        else:
            found |= {each for each in CHARS if re.match(CLASSES[value], each)}
    found = _folded(found, flags)
    return CHARS - found if negated else found & CHARS


def ways(tree, flags):
    """Each way through a pattern, as steps: its characters, whether it must be there, whether it goes on without a
    bound and gives back what it has taken."""
    found = [()]
    for code, value in tree:
        found = [way + more for way, more in product(found, _step(code, value, flags))]
        assert len(found) < 5000, "too many ways: say it in two patterns"
    return found


def _step(code, value, flags):
    if code is CODES.LITERAL:
        return [((_folded({chr(value)}, flags), True, False),)]
    if code is CODES.NOT_LITERAL:
        return [((CHARS - _folded({chr(value)}, flags), True, False),)]
    if code is CODES.ANY:
        return [((CHARS - {"\n"}, True, False),)]
    if code is CODES.IN:
        return [((_set(value, flags), True, False),)]
    if code is CODES.BRANCH:
        return [way for each in value[1] for way in ways(each, flags)]
    if code is CODES.SUBPATTERN:
        return ways(value[-1], flags)
    if code in {CODES.MAX_REPEAT, CODES.MIN_REPEAT, CODES.POSSESSIVE_REPEAT}:
        return _repeat(code, value, flags)
    assert code in {CODES.AT, CODES.ASSERT, CODES.ASSERT_NOT}, code
    return [()]


def _repeat(code, value, flags):
    least, most, inside = value
    inner = ways(inside, flags)
    if most is CODES.MAXREPEAT or most > UNBOUNDED:
        for way in product(inner, inner):
            assert_linear((*way[0], *way[1]))
        chars = frozenset().union(*(step[0] for way in inner for step in way))
        return [((chars, least > 0, code is not CODES.POSSESSIVE_REPEAT),)]
    times = [0, 1] if least == 0 else [1]
    return [way * each for way in inner for each in times]


def assert_linear(way):
    """No two repeats can share out the same characters between them, where what follows may fail to match."""
    for at, (chars, _needed, repeats) in enumerate(way):
        between = []
        for later, (more, needed, again) in enumerate(way[at + 1 :], at + 1):
            if repeats and again and chars & more and way[later + 1 :]:
                assert any(not (each & chars) or not (each & more) for each in between), "two repeats overlap"
            if needed:
                between.append(more)


def look_at(pattern):
    tree = PARSER.parse(pattern.pattern, pattern.flags)
    flags = tree.state.flags
    is_text = isinstance(pattern.pattern, str)
    # A search begins at each character, and at each line with `^`: as if it began with a repeat of anything.
    starts = tree.data[0] if tree.data else None
    if starts == (CODES.AT, CODES.AT_BEGINNING_STRING) or not is_text:
        before = ()
    elif starts == (CODES.AT, CODES.AT_BEGINNING) and flags & re.MULTILINE:
        before = ((CHARS, False, True), (frozenset("\n"), True, False))
    else:
        before = ((CHARS, False, True),)
    for way in ways(tree, flags):
        assert_linear((*before, *way))


def _patterns():
    """Every pattern that a module of the line keeps, alone or in a table."""
    names = [each.name for each in pkgutil.walk_packages(telephony.__path__, "quartier.telephony.")]
    for name in (*names, phone.__name__):
        if ".tests" in name or ".migrations" in name:
            continue
        for word, value in vars(importlib.import_module(name)).items():
            for each in value.values() if isinstance(value, dict) else [value]:
                if isinstance(each, re.Pattern):
                    yield pytest.param(each, id=f"{name}.{word}")


@pytest.mark.parametrize("pattern", list(_patterns()))
def test_no_two_repeats_share_the_same_characters(pattern):
    look_at(pattern)


@pytest.mark.parametrize(
    "text",
    [
        r"(?m)^from[ \t]*:[ \t]*[^<\r\n]*?[ \t]*<tel:",
        r"(?m)^\s*Signal\s*=\s*(\S+)",
        r"(?m)^contact:[^\r\n]*<(sip:[^>\s]+)>",
        r"\bQ\.850\b[^,]*?cause=(\d+)",
        r"\A(?:a+b?)+c",
        r"<([^>]*)>",
    ],
)
def test_those_that_froze_the_line_are_found(text):
    with pytest.raises(AssertionError, match="overlap"):
        look_at(re.compile(text))


@pytest.mark.parametrize(
    "text", [r"(?m)^a[ \t]*:[ \t]*b", r'\A"(?:[^"\\]|\\.)*+"[ \t]*<', r"\Aa*b*a", r"<([^<>]*)>"]
)
def test_what_takes_no_longer_than_its_text_passes(text):
    look_at(re.compile(text))


def test_no_pattern_is_written_where_it_is_used():
    """Nobody would look at it here."""
    folder = Path(telephony.__file__).parent
    written = [
        file.name
        for file in (*folder.glob("providers/**/*.py"), *folder.glob("desk/*.py"))
        if "tests" not in file.parts
        and re.search(r"\bre\.(match|search|findall|finditer|sub|fullmatch)\(", file.read_text())
    ]
    assert written == []
