"""From a volunteer to who is helped and back, through the line, while the visit goes on: neither sees the other's
number or address."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import pgettext

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.queries import same_words
from quartier.conversation import queries, relayed_words, understanding, withdrawal_words
from quartier.conversation.actions import hearing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, answered_lately, reply
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging import chats, codes
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message, Received
from quartier.people.models import Person
from quartier.telephony.models import Masked
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment
from quartier.visits.rules import ACCESS_LASTS

# Whoever wrote within so long waits for an answer, also at night.
ANSWER_AWAITED = timedelta(minutes=30)


def relay(talk: Talk, *, is_answered: bool = False) -> Outcome | None:
    """Pass it on to the other one of the visit. `None` when there is none. With several, or if the other one can only
    be called, the team has it. `is_answered`: whoever wrote hears something else of it, and nothing from here."""
    visits = visits_of(talk)
    if not visits:
        return None
    if len(visits) > 1:
        outcome = hearing.put_down(talk)
        outcome.answer = None if is_answered else reply(talk, "relay_call")
        return outcome
    relayed = visits[0]
    visit = Assignment.objects.select_related(
        "request__case__person", "request__case__asked_by", "volunteer__person", "offer"
    ).get(pk=relayed.about)
    me = _writer(talk, relayed, visit.request.case)
    if _may_be_of_another(talk, me, visit):
        outcome = hearing.put_down(talk)
        outcome.answer = None if is_answered else reply(talk, "relay_call", person=me)
        return outcome
    other = queries.other_of(visit, relayed, me)
    # A mail quotes what it answers, a form does not.
    words = talk.words if talk.is_on_page else understanding.own_words(talk.words)
    words = relayed_words.without_ways(words)
    message = _pass_on(talk, visit, me, other, words) if words else None
    cannot = me.pk == relayed.helper_id and withdrawal_words.says_cannot(words)
    if message is None:
        is_answered = is_answered or (cannot and not talk.is_on_page)
        to_team = hearing.put_down if is_answered else hearing.hear
        outcome = to_team(talk, visit.request.case_id)
        if cannot:
            outcome.answer = outcome.answer or _still_expected(talk, visit)
        return outcome
    outcome = Outcome(Meaning.RELAYED, about=relayed.about, answer=message, case_id=visit.request.case_id)
    if words.endswith("…") and len(words) >= relayed_words.MOST_RELAYED - 1:
        # The rest is only with us.
        outcome.read = True
    if cannot:
        # Nobody else is asked by that: the team sees whether it was meant so. By text, they hear where it is said.
        outcome.read = True
        _still_expected(talk, visit)
    is_again = visit.request.series_id and understanding.changes_what_comes_again(words)
    if (me.pk != relayed.helper_id and is_again) or understanding.says_nobody_need_come(words):
        # The neighbour cannot change it, nor stop what comes after a death: the team reads all of it, and does it. Who
        # goes there may be the first to know of one, and nobody else reads what is passed on.
        outcome.read = True
        if not is_answered and not answered_lately(talk, "heard", hearing.ONCE_A_DAY):
            reply(talk, "heard", person=me)
    talk.people.sort(key=lambda person: person.pk != me.pk)
    return outcome


def _still_expected(talk: Talk, visit: Assignment) -> Message | None:
    """Whoever goes hears that their yes stands until they take it back; on a page the page itself says so."""
    if talk.is_on_page:
        return None
    values = {"page": ("offer_link", matching.token_of(visit.offer))}
    return reply(talk, "reply_expected", values, visit.volunteer.person, f":{visit.offer_id}")


def visits_of(talk: Talk) -> list[Masked]:
    """The visits that are under way in which whoever wrote is one of the two, or has had words passed on in their own
    name: who asked for somebody else. On a page it is the visit of that page."""
    ids = [person.pk for person in talk.people]
    had_words = Received.objects.filter(
        Q(person__in=ids) | Q(answer__person__in=ids),
        organisation=talk.organisation,
        about=OuterRef("about"),
        meaning=Meaning.RELAYED,
    )
    # The line also brings together a listener and whom they call: that is no visit.
    found = Masked.objects.filter(
        Exists(Assignment.objects.filter(pk=OuterRef("about"))),
        organisation=talk.organisation,
        ended_at=None,
        until__gt=talk.now,
    ).select_related("helper", "helped")
    if talk.is_on_page:
        # Whoever opened that page has passed its gate.
        assert talk.row.about is not None
        return list(found.filter(about=talk.row.about))
    found = found.filter(Q(helper__in=ids) | Q(helped__in=ids) | Exists(had_words))
    # Two of one household at one number have no need of us.
    return [visit for visit in found if not {visit.helper_id, visit.helped_id} <= set(ids)]


def _writer(talk: Talk, visit: Masked, case: Case) -> Person:
    """Of those who are reached at this number, the one who takes part in this visit."""
    ids = {person.pk for person in talk.people}
    if visit.helper_id in ids:
        return visit.helper
    if visit.helped_id in ids:
        return visit.helped
    household = {case.person_id, case.asked_by_id}
    return min(talk.people, key=lambda person: person.pk not in household)


def _may_be_of_another(talk: Talk, me: Person, visit: Assignment) -> bool:
    """Whether what is written may be for us alone: another household with a file of its own has this number or address
    too, or somebody who signs in by it or has proven it, and whoever takes part in the visit has not shown that it is
    theirs. Anybody can write it into a form; and a number that is proven says nothing of a mail address."""
    is_shown = me.is_phone_proven and talk.row.channel != Message.Channel.EMAIL
    if talk.is_on_page or is_shown:
        return False
    case = visit.request.case
    household = {me.pk, visit.volunteer.person_id, case.person_id, case.asked_by_id}
    others = [person.pk for person in talk.people if person.pk not in household]
    if not others:
        return False
    files = Case.objects.filter(organisation=talk.organisation, merged_into=None).exclude(pk=case.pk)
    files = files.filter(Q(person__in=others) | Q(asked_by__in=others))
    # Two who live together have one address; who asked for the other is in the file. Of one in which nothing is open
    # they await nothing, and it may tell of where they lived before.
    files = files.exclude(Q(person__in=household) | Q(asked_by__in=household))
    waits = Request.objects.filter(case=OuterRef("pk")).exclude(state=Request.State.CLOSED)
    home = case.address.strip()
    is_elsewhere = any(not home or not same_words(file.address, home) for file in files.filter(Exists(waits)))
    return is_elsewhere or _is_anybody_else_s(others)


def _is_anybody_else_s(others: list[UUID]) -> bool:
    """Whether one of them helps or works here, or has proven their number, and no file says where they live."""
    is_proven = ~Q(phone_index="") & Q(proven_phone_index=F("phone_index"))
    files = Case.objects.filter(Q(person=OuterRef("pk")) | Q(asked_by=OuterRef("pk")))
    shown = Person.objects.filter(Q(account__is_active=True) | is_proven, pk__in=others)
    return shown.exclude(Exists(files)).exists()


def _pass_on(talk: Talk, visit: Assignment, me: Person, other: Person, words: str) -> Message | None:
    with translation.override(messaging.spoken_to(other, talk.organisation)):
        name = first_name(me) or pgettext("who writes", "Your neighbour")
    letter = Letter(
        other,
        "relay",
        f"relay:{talk.row.pk}",
        {"name": name, "words": words, "window": _window(talk, visit, other), "page": _page(visit, other)},
        not_after=visit.comes_until + ACCESS_LASTS,
        by="" if talk.is_on_page else _by(other),
    )
    if talk.is_on_page:
        channel = messaging.channel_for(organisation=talk.organisation, letter=letter)
        texts = channel == Message.Channel.TEXT
        if channel == Message.Channel.PUSH or (texts and not codes.can_be_answered()):
            letter.values["answer_on_page"] = True
    return messaging.write(organisation=talk.organisation, letter=letter)


def _by(other: Person) -> str:
    """Who writes a text, perhaps from the door, is read at once: in a linked chat, or by text."""
    by_text = messaging.can_be_texted(other)
    return next(iter(chats.ways([other.pk]).get(other.pk, [])), Message.Channel.TEXT if by_text else "")


def _page(visit: Assignment, other: Person) -> tuple[str, str]:
    if other.pk == visit.volunteer.person_id:
        return "offer_link", matching.token_of(visit.offer)
    return "status", cases.issue_link(case=visit.request.case, person=other)


def _window(talk: Talk, visit: Assignment, other: Person) -> tuple[object, object]:
    """Of what it speaks: the visit, and so it waits for the morning where that is later; or the moment, where the other
    one has just written."""
    awaited = Received.objects.filter(
        organisation=talk.organisation,
        about=visit.pk,
        meaning=Meaning.RELAYED,
        person=other,
        came_at__gt=talk.now - ANSWER_AWAITED,
    )
    start = visit.comes_from
    if visit.on_way_at is not None or awaited.exists():
        start = min(start, talk.now)
    return start, max(visit.comes_until, talk.now + ANSWER_AWAITED)
