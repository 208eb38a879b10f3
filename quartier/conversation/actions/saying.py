"""Somebody of the team writes to a person, in their own words."""

from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.conversation.actions.reading import read
from quartier.conversation.actions.talk import WRITTEN
from quartier.conversation.models import ToRead
from quartier.lib.text import clean
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor

MOST_LETTERS = 600


class NothingSaid(Exception):
    """Nobody is written to without a word."""


class CannotBeWritten(Exception):
    """They have no address, want calls alone, or have asked for silence: somebody must call."""


@transaction.atomic
def say(*, actor: Actor, person: Person, words: str, once: UUID, to_read: ToRead | None = None) -> Message:
    """Write to somebody, by the channel on which they wrote (`to_read`, which is read by that), else by their own.
    `once`: of the form, so that the same form sent twice writes one message.

    Raises `NothingSaid`, `CannotBeWritten`, and `Http404` for who is not of the team.
    """
    if actor.account is None or not actor.has(*TEAM) or person.organisation_id != actor.organisation.id:
        raise Http404
    said = clean(words, MOST_LETTERS).strip()
    if not said:
        raise NothingSaid
    by = to_read.received.channel if to_read is not None else ""
    letter = Letter(
        person,
        "said",
        f"said:{once}",
        {"words": said},
        by=by if by in WRITTEN else "",
    )
    written = messaging.write(organisation=actor.organisation, letter=letter)
    if written is None:
        raise CannotBeWritten
    if to_read is not None:
        read(actor=actor, to_read=to_read)
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="message.say",
        subject_kind="person",
        subject_id=person.pk,
    )
    live.touch(actor.organisation.id, "messages", "board")
    return written
