"""From a volunteer to who is helped and back, through the line, while the visit goes on: neither sees the other's
number or address."""

from django.db.models import Q
from django.utils import translation
from django.utils.translation import pgettext

from quartier.conversation import understanding
from quartier.conversation.actions import hearing
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.lib import phone
from quartier.messaging import actions as messaging
from quartier.messaging import chats
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.telephony.models import Masked
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment


def relay(talk: Talk) -> Outcome | None:
    """Pass it on to the other one of the visit. `None` when there is none. With several, or if the other one can only
    be called, the team has it."""
    visits = visits_of(talk)
    if not visits:
        return None
    if len(visits) > 1:
        outcome = hearing.put_down(talk)
        outcome.answer = reply(talk, "relay_call")
        return outcome
    visit = visits[0]
    case_id = Assignment.objects.values_list("request__case_id", flat=True).get(pk=visit.about)
    me, other = visit.helper, visit.helped
    if visit.helper_id not in {person.pk for person in talk.people}:
        me, other = other, me
    words = understanding.without_ways(understanding.own_words(talk.words))
    message = _pass_on(talk, visit, me, other, words) if words else None
    if message is None:
        return hearing.hear(talk, case_id)
    outcome = Outcome(Meaning.RELAYED, about=visit.about, answer=message, case_id=case_id)
    if words.endswith("…") and len(words) >= understanding.MOST_RELAYED - 1:
        # The rest is only with us.
        outcome.read = True
    talk.people.sort(key=lambda person: person.pk != me.pk)
    return outcome


def visits_of(talk: Talk) -> list[Masked]:
    """The visits that are under way in which whoever wrote is one of the two."""
    ids = [person.pk for person in talk.people]
    found = Masked.objects.filter(
        Q(helper__in=ids) | Q(helped__in=ids),
        organisation=talk.organisation,
        ended_at=None,
        until__gt=talk.now,
    ).select_related("helper", "helped")
    # Two of one household at one number have no need of us.
    return [visit for visit in found if not {visit.helper_id, visit.helped_id} <= set(ids)]


def _pass_on(talk: Talk, visit: Masked, me: Person, other: Person, words: str) -> Message | None:
    by_text = bool(other.phone) and phone.is_mobile(other.phone) and not other.phone_is_shared
    with translation.override(messaging.spoken_to(other, talk.organisation)):
        name = first_name(me) or pgettext("who writes", "Your neighbour")
    letter = Letter(
        other,
        "relay",
        f"relay:{talk.row.pk}",
        {"name": name, "words": words},
        not_after=visit.until,
        by=next(iter(chats.ways([other.pk]).get(other.pk, [])), Message.Channel.TEXT if by_text else ""),
    )
    return messaging.write(organisation=talk.organisation, letter=letter)
