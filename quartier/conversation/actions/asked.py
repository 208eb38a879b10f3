"""Yes or no to a question of ours, after a visit or in a check-in: everything is fine, or somebody calls."""

from dataclasses import replace
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.conversation.actions import hearing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.followup import actions as followup
from quartier.followup.models import CheckIn, FollowUp
from quartier.followup.rules import FINE, NOT_FINE
from quartier.messaging import codes
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec
from quartier.telephony.queries import hour_on_duty

AFTER = frozenset({"after_visit", "after_call", "after_failed"})
CHECKS = frozenset({"check_heat", "check_blackout", "check_lockdown"})


def answer(talk: Talk, meant: Understood) -> Outcome | None:
    """What a yes or no does. `None` when it answers no question of ours: then it may be to an offer."""
    if meant.meaning not in {Meant.YES, Meant.NO}:
        return None
    row = _by_number(talk, meant.codes[0]) if meant.codes else _told_last(talk)
    if row is None:
        return None
    return _check_in(talk, row, meant) if isinstance(row, CheckIn) else _follow_up(talk, row, meant)


def by_key(talk: Talk) -> Outcome | None:
    """`1` is yes and `2` is no, as on the phone, where a check-in was the last that they were told."""
    key = talk.words.strip()
    last = hearing.last_message(talk) if key in {"1", "2"} else None
    row = _of_message(talk, last) if last is not None and last.template in CHECKS else None
    meant = Understood(Meant.YES if key == "1" else Meant.NO)
    return _check_in(talk, row, meant) if isinstance(row, CheckIn) else None


def _by_number(talk: Talk, number: int) -> FollowUp | CheckIn | None:
    found = codes.find(talk.organisation, talk.people, number)
    return _row(talk, found.about) if found is not None else None


def _told_last(talk: Talk) -> FollowUp | CheckIn | None:
    """Without a number it is to what they were asked last, if that was such a question."""
    last = hearing.last_message(talk)
    return _of_message(talk, last) if last is not None and last.template in AFTER | CHECKS else None


def _of_message(talk: Talk, message: Message) -> FollowUp | CheckIn | None:
    """The keys under which messages are written name what they are about."""
    words = message.key.split(":")
    return _row(talk, UUID(words[1] if message.template in AFTER else words[2]))


def _row(talk: Talk, about: UUID) -> FollowUp | CheckIn | None:
    asked = FollowUp.objects.filter(organisation=talk.organisation, person__in=talk.people, pk=about)
    row = asked.select_related("person", "assignment__request").first()
    if row is not None:
        return row
    checks = CheckIn.objects.filter(organisation=talk.organisation, member__person__in=talk.people, pk=about)
    return checks.select_related("member__person", "member__case").first()


def _by(talk: Talk) -> str:
    return FollowUp.By.VOICE if talk.row.channel == "voice" else FollowUp.By.TEXT


def _follow_up(talk: Talk, row: FollowUp, meant: Understood) -> Outcome:
    yes = meant.meaning == Meant.YES
    said = replace(FINE if yes else NOT_FINE, words=talk.to_keep if meant.more else "")
    kept = followup.answer(actor=talk.actor(row.person), follow_up=row, said=said, by=_by(talk))
    outcome = Outcome(Meaning.YES if yes else Meaning.NO, about=row.pk, read=meant.more)
    request = row.assignment.request
    outcome.case_id = request.case_id
    if kept.is_bad and kept.looked_after_at is None and not yes:
        outcome.answer = _somebody_calls(talk, row.person, request, row.pk)
    else:
        outcome.answer = reply(talk, "after_thanks", {}, row.person, f":{row.pk}")
    return outcome


def _check_in(talk: Talk, row: CheckIn, meant: Understood) -> Outcome:
    yes, person = meant.meaning == Meant.YES, row.member.person
    words = talk.to_keep if meant.more else ""
    kept = followup.check_answer(actor=talk.actor(person), check_in=row, fine=yes, by=_by(talk), words=words)
    outcome = Outcome(Meaning.YES if yes else Meaning.NO, about=row.pk, read=meant.more)
    if row.member.case is not None:
        outcome.case_id = row.member.case.pk
    if kept.state == CheckIn.State.NEEDS_HELP:
        outcome.answer = _somebody_calls(talk, person, kept.request, row.pk)
    else:
        outcome.answer = reply(talk, "after_thanks", {}, person, f":{row.pk}")
    return outcome


def _somebody_calls(talk: Talk, person: Person, request: Request | None, about: UUID) -> Message | None:
    """They hear that one of us calls, or writes where we have no number."""
    kind = cases.call_or_write(person)
    template = "after_we_call" if kind == Promise.Kind.CALL else "after_we_write"
    if request is not None:
        request = Request.objects.select_related("organisation", "case__person").get(pk=request.pk)
        promise = cases.promise_about(request, kind, person=person, needs_team=True)
    else:
        spec = PromiseSpec(
            kind=kind,
            subject_kind="check_in",
            subject_id=about,
            person=person,
            due_at=hour_on_duty(
                talk.organisation, case_rules.promise(talk.now, Request.Urgency.NOW, talk.organisation)
            ),
            urgent=True,
        )
        promise = promises.make_promise(organisation=talk.organisation, spec=spec)
        # The coordinators were told by `followup`.
        promises.team_was_told(subject_kind="check_in", subject_id=about)
    return reply(talk, template, {}, person, f":{about}", promise=promise)
