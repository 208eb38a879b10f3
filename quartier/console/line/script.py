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


@dataclass(frozen=True)
class Speakers:
    """Who speaks with whom. `line`: our name; `caller`: the name of the other one if the number is known, else ''."""

    line: str
    operator: str
    caller: str = ""


def steps(
    *,
    spoken: str,
    speakers: Speakers,
    running: Sequence[Incident] = (),
    reason: str | None = None,
) -> list[Step]:
    """The steps of a call, and before the last one what the running incidents say. `reason`: why we call them, as
    `Callback.Why` has it or ""; None when they call us."""
    line, operator, caller = speakers.line, speakers.operator, speakers.caller
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
            "Call us again whenever you need something. Whoever comes from us says a code word at the door. Never give "
            "anybody your bank card or your code."
        )
        heard = (
            Heard(_("“I have almost nothing left in the house”"), "groceries"),
            Heard(_("“My pills are finished”"), "pharmacy"),
            Heard(_("“I have not spoken with anybody for days”"), "talk"),
            Heard(_("“I don’t see the point of going on”"), "risk"),
        )
    first = Step(
        pgettext("a step of a call", "Greet"),
        greet,
        spoken,
        (
            _("Speak slowly. Let them finish."),
            _("If it is somebody else, say nothing of what this person has asked for."),
        ),
    )
    return [
        *([first] if reason is None else _calling(reason, spoken, speakers)),
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
        Step(
            pgettext("a step of a call", "Close"),
            close,
            spoken,
            (
                # The hour is known once the request is taken, and there is none when nothing was asked for.
                _(
                    "If something was asked for: send the form first. The next page says by when we give news."
                ),
                _("Let the caller hang up first."),
            ),
        ),
    ]


def _calling(reason: str, spoken: str, speakers: Speakers) -> list[Step]:
    """We call them: who we are, and why only once the right one is on the phone."""
    with translation.override(spoken):
        greet = _("Good day, my name is %(operator)s, from %(line)s.") % {
            "line": speakers.line,
            "operator": speakers.operator,
        }
        greet += " " + (
            _("Am I speaking with %(name)s?") % {"name": speakers.caller}
            if speakers.caller
            else _("Did you try to reach us?")
            if reason
            else _("Who am I speaking with?")
        )
        why = {
            "asked": _("You asked us to call you back."),
            "missed": _("You called us, and nobody could answer you in time."),
            "cut_off": _("You called us, and the call was cut off on our side."),
            "trouble": _("You tried to call us while our line did not work."),
            "message": _("You left us a message, and I am calling you back."),
            "promised": _("We promised to call you."),
        }.get(reason, _("I am calling about what you asked us for."))
        why += " " + _("Is this a good moment for you to talk?")
    return [
        Step(
            pgettext("a step of a call", "Say who calls"),
            greet,
            spoken,
            (
                _("Say why you call only to this person: others may use this phone too."),
                _("On a voicemail say our name only, and that we call again."),
            ),
        ),
        Step(
            pgettext("a step of a call", "Say why"),
            why,
            spoken,
            (_("If it is a bad moment, ask when we may call, and note it."),),
        ),
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
