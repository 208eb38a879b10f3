"""Yes or no to a question of ours, after a visit or in a check-in: everything is fine, or somebody calls."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.conversation import understanding, withdrawal_words
from quartier.conversation.actions import hearing, passing, still_needed
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, answered_lately, reply
from quartier.conversation.step_words import VisitStep, step_said
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.conversation.well_words import Wellbeing, wellbeing
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
CHECK_TEMPLATES = frozenset(
    {"check_heat", "check_blackout", "check_lockdown", "check_flood", "check_arrival", "check_missed"}
)
ANSWERED = AFTER | CHECK_TEMPLATES | still_needed.TEMPLATES
# So long after the question how it was, words without a number may be about that.
ANSWERS_QUESTION = timedelta(hours=4)


def answer(talk: Talk, meant: Understood) -> Outcome | None:
    """What a yes or no does. `None` when it answers no question of ours: then it may be to an offer."""
    if meant.meaning not in {Meant.YES, Meant.NO}:
        return None
    row = _by_number(talk, meant.codes[0]) if meant.codes else _told_last(talk)
    match row:
        case CheckIn():
            return _check_in(talk, row, meant)
        case FollowUp():
            return _follow_up(talk, row, meant)
        case Request() if not meant.codes and still_needed.is_one_of_several(talk, row):
            return hearing.hear(talk, row.case_id)
        case Request():
            return still_needed.answered(talk, row, meant)
    return None


def by_key(talk: Talk) -> Outcome | None:
    """`1` is yes and `2` is no, as on the phone, where a check-in was the last that they were told."""
    key = talk.words.strip()
    last = hearing.last_message(talk) if key in {"1", "2"} else None
    row = _of_message(talk, last) if last is not None and last.template in CHECK_TEMPLATES else None
    meant = Understood(Meant.YES if key == "1" else Meant.NO)
    return _check_in(talk, row, meant) if isinstance(row, CheckIn) else None


def in_words(talk: Talk) -> Outcome | None:
    """ "Plus besoin" and "c'est fait", to the question whether it is still needed: an answer, with its number or
    without one."""
    words, numbers = understanding.without_numbers(talk.row.body)
    said = step_said(words)
    is_done = said is not None and said.step == VisitStep.DONE
    if len(numbers) > 1 or not (is_done or withdrawal_words.says_cancel(words)):
        return None
    row = _by_number(talk, numbers[0]) if numbers else _told_last(talk)
    if not isinstance(row, Request):
        return None
    if not numbers and still_needed.is_one_of_several(talk, row):
        return None
    return still_needed.answered_in_words(talk, row, is_done=is_done)


def _by_number(talk: Talk, number: int) -> FollowUp | CheckIn | Request | None:
    found = codes.find(talk.organisation, talk.people, number)
    return _row(talk, found.about) if found is not None else None


def _told_last(talk: Talk) -> FollowUp | CheckIn | Request | None:
    """Without a number it is to what they were asked last, if that was such a question."""
    last = hearing.last_message(talk)
    return _of_message(talk, last) if last is not None and last.template in ANSWERED else None


def _of_message(talk: Talk, message: Message) -> FollowUp | CheckIn | Request | None:
    """The keys under which messages are written name what they are about."""
    words = message.key.split(":")
    return _row(talk, UUID(words[2] if message.template in CHECK_TEMPLATES else words[1]))


def _row(talk: Talk, about: UUID) -> FollowUp | CheckIn | Request | None:
    asked = FollowUp.objects.filter(organisation=talk.organisation, person__in=talk.people, pk=about)
    row = asked.select_related("person", "assignment__request").first()
    if row is not None:
        return row
    checks = CheckIn.objects.filter(organisation=talk.organisation, member__person__in=talk.people, pk=about)
    check = checks.select_related("member__person", "member__case").first()
    return check or still_needed.behind(talk, about)


def is_of_another_visit(talk: Talk) -> bool:
    """Whether what they were asked last, and a while ago at most, is how a visit was that is over: their words about it
    are not for the neighbour who comes next."""
    if talk.is_on_page:
        return False
    row = _told_last(talk)
    if not isinstance(row, FollowUp) or row.state != FollowUp.State.ASKED or row.asked_at is None:
        return False
    is_fresh = row.asked_at > talk.now - ANSWERS_QUESTION
    return is_fresh and all(visit.about != row.assignment_id for visit in passing.visits_of(talk))


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
        outcome.answer = _somebody_calls(talk, row.person, request, row.pk, complaint_id=row.pk)
    else:
        outcome.answer = reply(talk, "after_thanks", {}, row.person, f":{row.pk}")
    return outcome


def _check_in(talk: Talk, row: CheckIn, meant: Understood) -> Outcome:
    """A yes is "fine" where it says nothing else: one that asks for help is none, and of any other one nothing is
    noted, so that the check-in goes on, until somebody has read it."""
    yes, person = meant.meaning == Meant.YES, row.member.person
    well = wellbeing(talk.row.body, person.name) if yes else Wellbeing.NEED
    if well == Wellbeing.UNCLEAR:
        outcome = Outcome(Meaning.WORDS, read=True, case_id=row.member.case_id)
        if not answered_lately(talk, "heard", hearing.ONCE_A_DAY):
            outcome.answer = reply(talk, "heard", {}, person)
        return outcome
    fine = well == Wellbeing.FINE
    more = meant.more or (yes and not fine)
    words = talk.to_keep if more else ""
    kept = followup.check_answer(actor=talk.actor(person), check_in=row, fine=fine, by=_by(talk), words=words)
    outcome = Outcome(Meaning.YES if fine else Meaning.NO, about=row.pk, read=more and not fine)
    if row.member.case is not None:
        outcome.case_id = row.member.case.pk
    if kept.state == CheckIn.State.NEEDS_HELP:
        outcome.answer = _somebody_calls(talk, person, kept.request, row.pk)
    else:
        outcome.answer = reply(talk, "after_thanks", {}, person, f":{row.pk}")
    return outcome


def _somebody_calls(
    talk: Talk, person: Person, request: Request | None, about: UUID, *, complaint_id: UUID | None = None
) -> Message | None:
    """They hear that one of us calls, or writes where we have no number."""
    kind = cases.call_or_write(person)
    template = "after_we_call" if kind == Promise.Kind.CALL else "after_we_write"
    if request is not None:
        request = Request.objects.select_related("organisation", "case__person").get(pk=request.pk)
        promise = cases.promise_about(
            request, kind, person=person, needs_team=True, complaint_id=complaint_id
        )
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
