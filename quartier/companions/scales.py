"""How she is asked how she is: the WHO-5, or one question alone. Wording, sources, and what a score means. Pure.

**WHO-5 well-being index**, 1998 version: World Health Organization, "Wellbeing Measures in Primary Health Care: The
DepCare Project", Copenhagen 1998; free to use. Its wording in each language is kept by its authors' clinic (Psychiatric
Centre North Zealand, psykiatri-regionh.dk, "WHO-5 Questionnaires"), which asks that it is not changed. English, French
and German stand here as they are reprinted everywhere, the French endings for men and women included. Of the Dutch one
we have found reprints that differ from each other, and ours is close to them: hold it against that page before it is
used in research.
Meaning of the score (sum of five answers from 0 to 5, times 4): Topp, Ostergaard, Sondergaard, Bech, "The WHO-5
Well-Being Index: a systematic review of the literature", Psychother Psychosom 2015;84:167-176. At 50 or less (a sum
below 13) well-being is low, and it is worth asking further; at 28 or less it can be a sign of depression. It is no
diagnosis.

**One question**: "Overall, how happy did you feel yesterday?", from 0 (not at all) to 10 (completely): Office for
National Statistics, personal well-being (ONS4), under the Open Government Licence; the same question is in the OECD's
"Guidelines on Measuring Subjective Well-being" (2013). From 0 to 4 is what the ONS calls low. We know of no official
wording in French, Dutch or German: what stands in our catalogues is our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.companions.models import Pairing

WHO5 = (
    _("I have felt cheerful and in good spirits"),
    _("I have felt calm and relaxed"),
    _("I have felt active and vigorous"),
    _("I woke up feeling fresh and rested"),
    _("My daily life has been filled with things that interest me"),
)
WHO5_ANSWERS = (
    (5, _("All of the time")),
    (4, _("Most of the time")),
    (3, _("More than half of the time")),
    (2, _("Less than half of the time")),
    (1, _("Some of the time")),
    (0, _("At no time")),
)
HAPPY = _("Overall, how happy did you feel yesterday?")


class Tone(StrEnum):
    """What an answer asks of us."""

    FINE = "fine"
    LOW = "low"
    VERY_LOW = "very_low"


@dataclass(frozen=True)
class Scale:
    """One way of asking. `most`: the best score; `low`, `very_low`: at or below them; `fall`: by so much since the last
    time, it counts as low too; `every`: she is not asked sooner than after so long."""

    code: str
    name: str | Promise
    most: int
    low: int
    very_low: int
    fall: int
    every: timedelta
    source: str | Promise

    def mood(self, scores: Sequence[int]) -> Tone:
        """What the last of these scores, the oldest first, asks of us."""
        if not scores:
            return Tone.FINE
        if scores[-1] <= self.very_low:
            return Tone.VERY_LOW
        fell = len(scores) > 1 and scores[-2] - scores[-1] >= self.fall
        return Tone.LOW if scores[-1] <= self.low or fell else Tone.FINE

    def trend(self, scores: Sequence[int]) -> str:
        """The same, and `falling` where nothing is low yet, but each of the last three scores below the one before."""
        tone = self.mood(scores)
        last = scores[-3:]
        is_falling = len(last) == 3 and last[0] > last[1] > last[2]
        return "falling" if tone == Tone.FINE and is_falling else str(tone)


SCALES = {
    each.code: each
    for each in (
        Scale(
            Pairing.Scale.WHO5, _("Five sentences (WHO-5)"), 100, 50, 28, 25, timedelta(days=14),
            _("From 0 to 100; the higher, the better. WHO-5 well-being index, World Health Organization, 1998."),
        ),
        Scale(
            Pairing.Scale.HAPPY, _("One question alone"), 10, 4, -1, 4, timedelta(days=7),
            _("From 0 to 10; the higher, the better. Office for National Statistics, personal well-being (ONS4)."),
        ),
    )
}  # fmt: skip


def scored(code: str, answers: Sequence[int]) -> int:
    """The score of her answers: WHO-5, five from 0 to 5; one question, one from 0 to 10. Raises `ValueError`."""
    if code == Pairing.Scale.WHO5:
        return who5(answers)
    if code != Pairing.Scale.HAPPY or len(answers) != 1 or not 0 <= answers[0] <= 10:
        raise ValueError("one answer from 0 to 10")
    return answers[0]


def who5(answers: Sequence[int]) -> int:
    """The score of five answers, each from 0 to 5: from 0 (as bad as can be) to 100. Raises `ValueError`."""
    if len(answers) != len(WHO5) or not all(0 <= each <= 5 for each in answers):
        raise ValueError("five answers from 0 to 5")
    return sum(answers) * 4
