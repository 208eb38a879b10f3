"""What a text means, and what is done: in the transaction of whoever took it."""

from dataclasses import replace

from quartier.conversation import danger, understanding
from quartier.conversation.actions import (
    alarm,
    answering,
    asked,
    cancelling,
    hearing,
    passing,
    silence,
    steps,
)
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, is_machine
from quartier.conversation.understanding import Meaning as Meant
from quartier.messaging import stops


def settle(talk: Talk) -> Outcome:
    """STOP before everything else; then machines; then the steps of a visit; then yes and no, to a question or an
    offer; then the other one of a visit; then the team. Words of danger are never passed on to the other one, who may
    be the danger: besides what they do, the team is told at once."""
    row = talk.row
    if not row.sender:
        return Outcome(Meaning.ROBOT, read=True)
    meant = understanding.understand(row.body)
    if meant.meaning == Meant.STOP:
        return silence.stop(talk)
    if meant.meaning == Meant.ROBOT:
        return Outcome(Meaning.ROBOT, read=True)
    signs = danger.signs(row.body)
    around = alarm.around(talk, signs)
    talk.aside = bool(around)
    if signs:
        outcome = Outcome(Meaning.ROBOT, read=True) if is_machine(talk) else _in_danger(talk, meant)
        alarm.raise_alarm(talk, outcome, signs, around)
        return outcome
    outcome = _said(talk, meant)
    if around:
        alarm.goes_on(talk, outcome)
    return outcome


def _said(talk: Talk, meant: understanding.Understood) -> Outcome:
    """Without words of danger."""
    if is_machine(talk):
        return Outcome(Meaning.ROBOT, read=True)
    if meant.meaning == Meant.START and stops.among(talk.organisation, talk.people):
        return silence.start(talk)
    if stops.is_stopped(talk.organisation, talk.row.sender_index, talk.people):
        return silence.start(talk) if meant.meaning == Meant.START else silence.remind(talk)
    passed_on = None if talk.aside or asked.is_of_another_visit(talk) else passing.relay
    if talk.is_on_page:
        # It was written to the other one by name: it answers no offer and no question of ours.
        return (passed_on and passed_on(talk)) or hearing.hear(talk)
    ways = (lambda each: _answered(each, meant), asked.by_key, asked.in_words, cancelling.ask, passed_on)
    for way in ways:
        if way is not None and (outcome := way(talk)) is not None:
            return outcome
    return hearing.hear(talk)


def _answered(talk: Talk, meant: understanding.Understood) -> Outcome | None:
    """What a step of a visit, a yes or a no does; `None` when it is none, or answers nothing of ours."""
    answered = steps.answer(talk, meant)
    if answered is None and meant.meaning in {Meant.YES, Meant.NO, Meant.EACH, Meant.WHICH}:
        answered = asked.answer(talk, meant) or answering.answer(talk, meant)
    if answered is None and meant.doubted:
        answered = answering.doubted(talk, meant)
    if answered is not None and answered.read:
        return hearing.also_read(talk, answered)
    return answered


def _in_danger(talk: Talk, meant: understanding.Understood) -> Outcome:
    """What else it says holds; the team reads it in any case, also of who wants nothing more from us."""
    stopped = stops.is_stopped(talk.organisation, talk.row.sender_index, talk.people)
    answered = None if stopped or talk.is_on_page else _answered(talk, meant)
    if answered is None:
        return hearing.put_down(talk)
    return answered if answered.read else replace(hearing.also_read(talk, answered), read=True)
