"""How many of the sentences in `sentences/` are understood, and that the page of figures says so."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from quartier.conversation.danger import signs
from quartier.conversation.understanding import Meaning, understand

HERE = Path(__file__).parent / "sentences"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "understanding.md"
LANGUAGES = {"fr": "French", "nl": "Dutch", "de": "German", "en": "English"}
ANSWERS, DANGER = ("yes", "no", "human"), ("self", "other", "danger")
# What each measured list must reach. Of the yeses less, as one beside unknown words is asked about on purpose.
MIN_DANGER_SHARE = 0.95
MIN_ANSWER_SHARE = {"yes": 0.85, "no": 0.88, "human": 1.0}
MAX_FALSE_ALARMS = 5
MAX_RARE_MISSED = 2
MIN_NO_DANGER_SHARE = 0.92
# A yes with a remark that changes nothing; and one that may be none.
MIN_REMARK_SHARE, MIN_DOUBT_SHARE = 0.8, 0.93
# Whoever signs in these lists is called so.
NAME = "Lieve Claes"


def sentences(part: str, language: str) -> list[tuple[str, str]]:
    """The lines of one language in one list, each with its section."""
    found, section = [], ""
    for path in sorted((HERE / part).glob(f"{language}*.txt")):
        for line in path.read_text().splitlines():
            if line.startswith("# "):
                section = line[2:]
            elif line:
                found.append((section, line))
    return found


def heard(text: str) -> str:
    """What becomes of an answer to an offer with the number 42. A yes that may be none is asked about."""
    meant = understand(text)
    if meant.codes not in {(), (42,)} or (meant.meaning == Meaning.YES and meant.is_unsure(NAME)):
        return "human"
    return {Meaning.YES: "yes", Meaning.NO: "no"}.get(meant.meaning, "human")


def is_right(section: str, text: str) -> bool:
    if section in ANSWERS:
        return heard(text) == section
    return bool(signs(text)) == (section in DANGER)


@cache
def counts(part: str) -> Counter:
    found: Counter = Counter()
    for language in LANGUAGES:
        for section, text in sentences(part, language):
            found[language, section] += 1
            found[language, section, "right"] += is_right(section, text)
    return found


def share(part: str, language: str, sections: tuple[str, ...]) -> float:
    counted = counts(part)
    return sum(counted[language, each, "right"] for each in sections) / sum(
        counted[language, each] for each in sections
    )


@pytest.mark.parametrize("part", ["tuning", "measuring", "fresh", "rare", "remarks"])
def test_no_refusal_is_a_yes_and_no_yes_a_refusal(part):
    opposite = {"yes": "no", "no": "yes"}
    turned = [
        text
        for language in LANGUAGES
        for section, text in sentences(part, language)
        if section in opposite and heard(text) == opposite[section]
    ]
    assert not turned


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_understood(language):
    for section, least in MIN_ANSWER_SHARE.items():
        assert share("measuring", language, (section,)) >= least, section


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_is_one_with_a_small_remark_and_none_with_words_that_take_it_back(language):
    assert share("remarks", language, ("yes",)) >= MIN_REMARK_SHARE
    assert share("remarks", language, ("human",)) >= MIN_DOUBT_SHARE
    tuned = [each for each in sentences("tuning", language) if each[0] in {"yes", "human"}]
    assert not [text for kind, text in tuned if kind == "human" and heard(text) == "yes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_is_found(language):
    assert share("measuring", language, ("self", "other")) >= MIN_DANGER_SHARE
    assert share("measuring", language, ("none",)) >= MIN_NO_DANGER_SHARE


@pytest.mark.parametrize("language", LANGUAGES)
def test_rare_danger_of_somebody_else_is_found(language):
    missed = [text for kind, text in sentences("rare", language) if kind == "danger" and not signs(text)]
    assert len(missed) <= MAX_RARE_MISSED, missed
    assert share("rare", language, ("none",)) >= MIN_NO_DANGER_SHARE
    assert counts("rare")[language, "danger"] == 40


def test_ordinary_messages_raise_no_alarm():
    ordinary = [
        text for code in LANGUAGES for kind, text in sentences("measuring", code) if kind == "ordinary"
    ]
    assert len(ordinary) == 500
    alarms = [text for text in ordinary if signs(text)]
    assert len(alarms) <= MAX_FALSE_ALARMS, alarms


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_sentences(language):
    both = [*sentences("tuning", language), *sentences("measuring", language)]
    assert sum(section in ANSWERS for section, _text in both) >= 150
    assert sum(section in {"self", "other", "none"} for section, _text in both) >= 150
    assert len({text for _section, text in both}) >= len(both) - 5


def rows(part: str, sections: tuple[str, ...]) -> list[str]:
    """The rows of the table on the page."""
    counted = counts(part)
    return [
        f"| {name} | "
        + " | ".join(f"{counted[code, each, 'right']} of {counted[code, each]}" for each in sections)
        + " |"
        for code, name in LANGUAGES.items()
    ]


def test_the_page_says_what_is_counted():
    page = PAGE.read_text()
    wanted = [
        *rows("measuring", ("yes", "no", "human", "self", "other", "none", "ordinary")),
        *rows("fresh", ("yes", "no", "human", "danger", "none")),
        *rows("rare", ("danger", "none")),
        *rows("remarks", ("yes", "human")),
    ]
    missing = [row for row in wanted if row not in page]
    assert not missing, "write these rows into docs/understanding.md:\n" + "\n".join(missing)
