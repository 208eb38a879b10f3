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
    """A sentence that says what is needed. `kind`: of help, or `risk`, or `worry` about somebody else."""

    words: str
    kind: str

    @property
    def name(self) -> str:
        """The kind of help in the language of the page; '' for a risk or a worry."""
        return "" if self.kind in {"risk", "worry"} else str(choices.kind(self.kind).name)


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
    """Who speaks with whom. `line`: our name; `caller`: the name of the other one if it is known, else ''; `gave`: the
    colleague who had the call before and handed it over, else ''."""

    line: str
    operator: str
    caller: str = ""
    gave: str = ""


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
        greet = _("Hello, this is %(line)s. My name is %(operator)s.") % {
            "line": line,
            "operator": operator,
        }
        greet += " " + (
            _("Am I speaking to %(name)s?") % {"name": caller} if caller else _("Who am I speaking to?")
        )
        listen = _("Tell me: what do you need most today?")
        ask = _("Where do you live, and when do you need it by?")
        read = _("I’ll read back what I have written. Stop me if anything is wrong.")
        close = _(
            "Call us again whenever you need something. Anyone who comes from us will say a code word at "
            "the door. Never give anyone your bank card or PIN."
        )
        heard = (
            Heard(_("“I’ve hardly any food in the house”"), "groceries"),
            Heard(_("“I’ve run out of my tablets”"), "pharmacy"),
            Heard(_("“I haven’t spoken to anyone for days”"), "talk"),
            Heard(_("“I am worried about a neighbour”"), "worry"),
            Heard(_("“I don’t see the point of going on”"), "risk"),
        )
    first = Step(
        pgettext("a step of a call", "Greet"),
        greet,
        spoken,
        (
            _("Speak slowly. Let them finish."),
            # Of somebody whom we do not know, nothing could be said.
            *([_("If it is someone else, do not say what this person asked for.")] if caller else []),
        ),
    )
    begin = [first] if reason is None else _calling(reason, spoken, speakers)
    if speakers.gave:
        begin = [_given(spoken, speakers)]
    return [
        *begin,
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
                _("How do people get in: a bell, a door code, stairs, a dog?"),
                _("Is there someone with them who can help?"),
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
                    "If they asked for something: send the form first. The next page says when we will "
                    "give news."
                ),
                _("Let the caller hang up first."),
            ),
        ),
    ]


def for_colleague(
    *, spoken: str, speakers: Speakers, colleague: str, asked: tuple[str, str], is_heard: bool
) -> list[Step]:
    """For whoever is asked by a colleague in the middle of a call. `asked`: what for and about whom, and whether the
    caller hears them, in two sentences; `is_heard`: the caller does. Else they speak with the colleague alone, in the
    language of the page."""
    values = {"name": colleague, "operator": speakers.operator, "line": speakers.line}
    if is_heard:
        with translation.override(spoken):
            say = _("Hello, this is %(operator)s. %(name)s has asked me to join you.") % values
        advice = (
            _("%(name)s leads the conversation. Say who you are, and answer what you are asked.") % values
        )
    else:
        say = _("This is %(operator)s. What is it about?") % values
        advice = _("What you advise, %(name)s says to them. Their case is beside this.") % values
    lang = spoken if is_heard else translation.get_language() or spoken
    return [Step(pgettext("a step of a call", "You are asked"), say, lang, (*asked, advice))]


def _given(spoken: str, speakers: Speakers) -> Step:
    """Whoever is handed a call asks nothing again that the colleague has asked."""
    values = {"operator": speakers.operator, "name": speakers.gave}
    with translation.override(spoken):
        say = _("Hello, my name is %(operator)s. %(name)s has put you through to me.") % values
        say += " " + _("You need not explain everything again: I am reading what was written down.")
    who = _("You are speaking to %(name)s.") % {"name": speakers.caller} if speakers.caller else ""
    advice = _("Read the form and the notes before you ask. Then carry on at the step that is missing.")
    return Step(
        pgettext("a step of a call", "Take over"), say, spoken, [each for each in (who, advice) if each]
    )


def _calling(reason: str, spoken: str, speakers: Speakers) -> list[Step]:
    """We call them: who we are, and why only once the right one is on the phone."""
    with translation.override(spoken):
        greet = _("Hello, my name is %(operator)s, from %(line)s.") % {
            "line": speakers.line,
            "operator": speakers.operator,
        }
        greet += " " + (
            _("Am I speaking to %(name)s?") % {"name": speakers.caller}
            if speakers.caller
            else _("Did you try to reach us?")
            if reason
            else _("Who am I speaking to?")
        )
        why = {
            "asked": _("You asked us to call you back."),
            "missed": _("You called us, and no one could answer you in time."),
            "cut_off": _("You called us, and the call was cut off on our side."),
            "trouble": _("You tried to call us while our line was not working."),
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
                _("Say why you are calling only to this person: others may use this phone."),
                _("On voicemail leave only our name, and say that we’ll call again."),
            ),
        ),
        Step(
            pgettext("a step of a call", "Say why"),
            why,
            spoken,
            (_("If it is a bad moment, ask when we may call, and write it down."),),
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


@dataclass(frozen=True)
class DangerQuestions:
    """What to say in danger, in the caller's language; `whose`: in the operator's, whose danger they are for, or ""."""

    sentences: Sequence[str]
    whose: str = ""


def danger_questions(spoken: str) -> list[DangerQuestions]:
    """Whose danger it is comes first: nobody who calls for a neighbour is asked whether they want to die."""
    with translation.override(spoken):
        first = (
            _("I am glad you told me. I am staying with you."),
            _("Is this about you, or about someone else?"),
        )
        own = (
            _("Are you safe at the moment? Is someone with you?"),
            _("Are you thinking of ending your life?"),
        )
        other = (
            _("Where are they now, and what is happening?"),
            _("Is someone with them? Are you safe yourself?"),
        )
        last = (_("Can I put you through to someone who can help, or can someone come to you now?"),)
    return [
        DangerQuestions(first),
        DangerQuestions(own, _("If it is about themselves")),
        DangerQuestions(other, _("If it is about someone else")),
        DangerQuestions(last),
    ]
