"""Yes or no to an appeal, by text: the same as on its page."""

from quartier.appeals import actions as appeals
from quartier.appeals.actions.answering import OPEN
from quartier.appeals.models import Appeal, Invitation
from quartier.conversation.actions.talk import Meaning, Outcome, Talk, reply
from quartier.messaging import codes
from quartier.people.models import Volunteer

APPEALED = frozenset(f"appeal_{purpose}" for purpose in Appeal.Purpose.values)


def behind(talk: Talk, mine: list[Volunteer], number: int) -> Invitation | None:
    """What an appeal asked one of these volunteers with this number."""
    found = codes.find(talk.organisation, [volunteer.person for volunteer in mine], number)
    return _theirs(talk, mine, pk=found.about) if found else None


def told(talk: Talk, mine: list[Volunteer], message_id: object) -> Invitation | None:
    """What this message asked one of these volunteers."""
    return _theirs(talk, mine, message=message_id)


def _theirs(talk: Talk, mine: list[Volunteer], **which: object) -> Invitation | None:
    rows = Invitation.objects.filter(organisation=talk.organisation, volunteer__in=mine, **which)
    rows = rows.exclude(volunteer__state=Volunteer.State.LEFT)
    return rows.select_related("appeal", "volunteer__person").first()


def answered(talk: Talk, invitation: Invitation, *, yes: bool) -> Outcome:
    """Do what they say, and say what came of it."""
    person = invitation.volunteer.person
    said = Invitation.State.YES if yes else Invitation.State.NO
    outcome = Outcome(Meaning.YES if yes else Meaning.NO, about=invitation.pk)
    part = f":{invitation.pk}"
    if invitation.appeal.state not in OPEN:
        outcome.answer = reply(talk, "appeal_over", {}, person, part)
        return outcome
    appeals.answer(actor=talk.actor(person), invitation=invitation, said=said)
    if yes:
        page = {"page": ("appeal_link", appeals.token_of(invitation))}
        outcome.answer = reply(talk, "appeal_yes", page, person, part)
    elif invitation.appeal.purpose in {Appeal.Purpose.STILL, Appeal.Purpose.QUIET}:
        outcome.answer = reply(talk, "appeal_break", {"page": ("volunteer_home",)}, person, part)
    else:
        outcome.answer = reply(talk, "appeal_no", {}, person, part)
    return outcome
