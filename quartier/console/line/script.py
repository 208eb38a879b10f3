"""What to say on a call, step by step: the sentences in the caller's language, the advice in the operator's."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.incidents.models import Incident
from quartier.lib import choices


@dataclass(frozen=True)
class Heard:
    """A sentence that says what is needed. `kind`: of help, or `risk`."""

    words: str
    kind: str

    @property
    def name(self) -> str:
        """The kind of help in the language of the page; '' for a risk."""
        return "" if self.kind == "risk" else str(choices.kind(self.kind).name)


@dataclass(frozen=True)
class Step:
    """`say`: in the caller's language, `lang`; `advice` and `heard` stand below it."""

    name: str
    say: str
    lang: str
    advice: Sequence[str] = ()
    heard: Sequence[Heard] = field(default_factory=tuple)


def steps(
    *, spoken: str, line: str, operator: str, caller: str, running: Sequence[Incident] = ()
) -> list[Step]:
    """The five steps of a call, and before the last one what the running incidents say. `caller`: their name where the
    number is known, else ''."""
    with translation.override(spoken):
        greet = _("Good day, this is %(line)s, my name is %(operator)s.") % {
            "line": line,
            "operator": operator,
        }
        greet += " " + (
            _("Am I speaking with %(name)s?") % {"name": caller} if caller else _("Who am I speaking with?")
        )
        listen = _("Tell me: what do you need most today?")
        ask = _("Where do you live, and until when do you need it?")
        read = _("I read back to you what I wrote down. Stop me if something is wrong.")
        close = _(
            "We are looking for a neighbour now, and you hear from us today in any case. Whoever comes says a code "
            "word at the door. Never give anybody your bank card or your code."
        )
        heard = (
            Heard(_("“I have almost nothing left in the house”"), "groceries"),
            Heard(_("“My pills are finished”"), "pharmacy"),
            Heard(_("“I have not spoken with anybody for days”"), "talk"),
            Heard(_("“I don’t see the point of going on”"), "risk"),
        )
    return [
        Step(
            pgettext("a step of a call", "Greet"),
            greet,
            spoken,
            (
                _("Speak slowly. Let them finish."),
                _("If it is somebody else, say nothing of what this person has asked for."),
            ),
        ),
        Step(
            pgettext("a step of a call", "Listen"),
            listen,
            spoken,
            (_("Leave a silence of five seconds. Do not fill it."),),
            heard,
        ),
        Step(
            pgettext("a step of a call", "Ask"),
            ask,
            spoken,
            (
                _("The postcode first, then street and number."),
                _("How do people get in: a bell, a code, stairs, a dog?"),
                _("Is somebody else there who can help?"),
            ),
        ),
        Step(
            pgettext("a step of a call", "Read back"),
            read,
            spoken,
            (_("Read out the sentence at the end of the form, and note the answer."),),
        ),
        *_going_on(running, spoken),
        Step(pgettext("a step of a call", "Close"), close, spoken, (_("Let the caller hang up first."),)),
    ]


def _going_on(running: Sequence[Incident], spoken: str) -> list[Step]:
    """A step for each template that runs and has lines; its name is in the operator's language."""
    found = []
    for incident in {each.template: each for each in running if each.shipped.script}.values():
        with translation.override(spoken):
            lines = [str(line) for line in incident.shipped.script]
        found.append(Step(incident.name, " ".join(lines), spoken))
    return found


def risk(spoken: str) -> list[str]:
    """What to say when somebody is in danger, in the caller's language."""
    with translation.override(spoken):
        return [
            _("I am glad you told me. I am staying with you."),
            _("Are you safe at this moment? Is somebody with you?"),
            _("Are you thinking of ending your life?"),
            _("May I put you through to somebody who knows a way, or may somebody come to you now?"),
        ]
