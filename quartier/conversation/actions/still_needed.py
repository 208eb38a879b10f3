"""Yes or no to whether something is still needed whose time is over, by text: the same as on their page."""

from uuid import UUID

from django.db.models import Q

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import asks_from, waits_for_morning
from quartier.conversation import understanding, withdrawal_words
from quartier.conversation.actions import hearing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.followup import actions as followup
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.models import Person

NAMED = "still_needed_named"
TEMPLATES = frozenset({"still_needed", "still_needed_uncalled", NAMED})
# What was ended without a word of theirs is looked for again when they say so.
ENDED_BY_SILENCE = frozenset({Request.Closure.EXPIRED, Request.Closure.NEGLECTED})


def behind(talk: Talk, about: UUID) -> Request | None:
    """What they were asked about, where they wait for it."""
    rows = Request.objects.filter(organisation=talk.organisation, pk=about)
    request = rows.select_related("organisation", "case__person", "case__asked_by").first()
    return request if request is not None and _who_waits(request) in talk.people else None


def answered(talk: Talk, request: Request, meant: Understood) -> Outcome:
    """Yes is "still needed", but "it is done" where somebody was named who was to come; and they hear what comes."""
    yes, person = meant.meaning == Meant.YES, _who_waits(request)
    said = _means(request, yes=yes)
    if said == "needed" and not yes and withdrawal_words.says_not_needed(talk.row.body):
        # "No longer needed" is no "no, nobody came": nobody is sent for it.
        said = "not_needed"
    if said == "needed" and yes and _cancels(talk):
        # "Oui, annulez svp" to "still needed?" is no yes to it: nobody is looked for before one of us has read it.
        return hearing.hear(talk, request.case_id)
    outcome = Outcome(
        Meaning.YES if yes else Meaning.NO, about=request.pk, read=meant.more, case_id=request.case_id
    )
    done = followup.answer_overdue(actor=talk.actor(person), request=request, said=said)
    if done == "over":
        is_closed = request.state == Request.State.CLOSED
        if not is_closed or (said == "needed" and request.closure not in ENDED_BY_SILENCE):
            # Somebody is looked for again, or goes, or it was ended otherwise: one of us reads what they mean.
            return hearing.hear(talk, request.case_id)
        if said == "needed":
            cases.reopen_request(actor=talk.actor(person), request=request, human=_why_human(request))
    if said == "needed":
        outcome.answer = _they_hear_again(talk, request, person)
    elif done != "cancel" or not _hears_now(request):
        # That it is not needed is answered already: "we are no longer looking".
        outcome.answer = reply(talk, "after_thanks", {}, person, f":{request.pk}")
    return outcome


def _hears_now(request: Request) -> bool:
    """Whether "we are no longer looking" goes out now: at night it waits, and to some there is no way but a call."""
    key = f"withdrawn:{request.pk}:"
    words = Message.objects.filter(organisation=request.organisation, key__startswith=key)
    return words.filter(not_before__lte=clock.now()).exists()


def answered_in_words(talk: Talk, request: Request, *, is_done: bool) -> Outcome | None:
    """They say that it is done, or that they need it no more, which is a no to whether it is, and no yes to whether it
    was done. `None` where somebody is looked for again, or goes: then it is for them."""
    person = _who_waits(request)
    said = "done" if is_done else "not_needed"
    done = followup.answer_overdue(actor=talk.actor(person), request=request, said=said)
    if done == "over" and request.state != Request.State.CLOSED:
        return None
    outcome = Outcome(Meaning.YES if is_done else Meaning.NO, about=request.pk, case_id=request.case_id)
    if done != "cancel" or not _hears_now(request):
        outcome.answer = reply(talk, "after_thanks", {}, person, f":{request.pk}")
    return outcome


def _cancels(talk: Talk) -> bool:
    said, _numbers = understanding.without_numbers(talk.row.body)
    return withdrawal_words.mentions_cancel(said)


def is_one_of_several(talk: Talk, request: Request) -> bool:
    """Whether they are asked the same about something else too, so that a bare yes or no may be to either."""
    files = Q(case__person__in=talk.people) | Q(case__asked_by__in=talk.people)
    others = Request.objects.filter(
        files,
        organisation=talk.organisation,
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        accepted=0,
        asked_over_at__isnull=False,
    ).exclude(pk=request.pk)
    rows = others.select_related("case__person", "case__asked_by")
    return any(_who_waits(each) in talk.people for each in rows)


def _why_human(request: Request) -> str:
    """What nobody of us has read is read before any neighbour sees it, also when it is asked for again."""
    is_unread = request.kind == "other" or request.closure == Request.Closure.NEGLECTED
    return Request.Why.WORDS if is_unread else followup.why_human_again(request)


def _means(request: Request, *, yes: bool) -> str:
    asked = Message.objects.filter(key__in=[f"{each}:{request.pk}:{request.reopened}" for each in TEMPLATES])
    asked = asked.filter(organisation=request.organisation).order_by("-created_at")
    if asked.values_list("template", flat=True).first() == NAMED:
        return "done" if yes else "needed"
    return "needed" if yes else "not_needed"


def _they_hear_again(talk: Talk, request: Request, person: Person) -> Message | None:
    """They hear by when, as whoever asks for the first time."""
    request = Request.objects.select_related("organisation", "case__person", "case__asked_by").get(
        pk=request.pk
    )
    promise = cases.promised_or_news(request, person)
    if request.state == Request.State.HUMAN:
        template = "received_read"
    else:
        template = "received_night" if waits_for_morning(request, talk.now) else "received"
    values = {
        "kind": request.kind,
        "begins": asks_from(request, talk.now),
        "reference": request.case.reference,
        "page": ("status", cases.issue_link(case=request.case, person=person)),
        **cases.for_whom(request.case, person),
    }
    return reply(talk, template, values, person, f":{request.pk}", promise=promise)


def _who_waits(request: Request) -> Person:
    return cases.whom_to_tell(request.case)
