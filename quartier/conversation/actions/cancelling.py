"""Whoever waits for help writes that it is not needed any more: they hear that nothing is cancelled yet, and where to
say what; the team reads it in any case, and whoever comes hears it from them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.conversation import withdrawal_words
from quartier.conversation.actions import hearing, passing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.messaging.models import Message
from quartier.visits.models import Assignment

# Whoever waits for more at once is led to the pages of so many.
MAX_FILES = 3


def ask(talk: Talk) -> Outcome | None:
    """`None` where it says something else, they wait for nothing, or they are who goes."""
    if not withdrawal_words.mentions_cancel(talk.row.body) or talk.is_on_page:
        return None
    waiting = _waiting(talk)
    going = Assignment.objects.filter(
        request__organisation=talk.organisation,
        volunteer__person__in=talk.people,
        state__in=Assignment.ACTIVE,
    )
    if not waiting or going.exists():
        return None
    passed = None if talk.aside else passing.relay(talk, is_answered=True)
    outcome = passed or hearing.put_down(talk, waiting[0].case_id)
    outcome.read = True
    by_file: dict[UUID, list[Request]] = {}
    for each in waiting:
        by_file.setdefault(each.case_id, []).append(each)
    # Each file has its own page. Of which of them it was said, nobody knows.
    answers = [_answer(talk, requests) for requests in list(by_file.values())[:MAX_FILES]]
    if outcome.meaning != Meaning.RELAYED:
        outcome.answer = answers[0]
    return outcome


def _answer(talk: Talk, requests: list[Request]) -> Message | None:
    case = requests[0].case
    person = next(each for each in talk.people if each.pk in {case.person_id, case.asked_by_id})
    kinds = [each.kind for each in requests]
    values = {
        "kind": kinds[0],
        "all_kinds": list(dict.fromkeys(kinds)),
        "page": ("status", cases.issue_link(case=case, person=person)),
    }
    return reply(talk, "reply_cancel", values, person, f":{case.pk}")


def _waiting(talk: Talk) -> list[Request]:
    """What is open of theirs: where somebody comes first, then the newest file."""
    files = Q(case__person__in=talk.people) | Q(case__asked_by__in=talk.people)
    rows = Request.objects.filter(
        files, organisation=talk.organisation, case__merged_into=None, unasked=False
    )
    rows = rows.exclude(state=Request.State.CLOSED).select_related("case")
    coming = Assignment.objects.filter(request__case=OuterRef("case"), state__in=Assignment.ACTIVE)
    rows = rows.annotate(is_expected=Exists(coming))
    return list(rows.order_by("-is_expected", "-case__opened_at", "created_at", "pk")[:20])
