"""Private links to a case's page."""

from collections.abc import Iterable

from django.db import transaction

from quartier.cases.actions.ledger import changed
from quartier.cases.models import Case, StatusLink
from quartier.cases.queries.links import links_followed
from quartier.lib import clock, hours
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import Actor


def token_of(link: StatusLink) -> str:
    """The unguessable part of the link's address."""
    # 22 characters are 132 bits: as unguessable as it gets, and a text with it often fits in one segment.
    return blind("status-link", link.organisation_id, str(link.id))[:22]


@transaction.atomic
def issue_link(*, case: Case, person: Person, is_proven: bool = True) -> str:
    """The token of this person's link to the case: the one that works already, or a new one. It goes to the
    person's own number or address, or to the team, and nowhere else; one that is not `is_proven` goes to whoever
    has filled in a form."""
    link = StatusLink.objects.filter(case=case, person=person, is_proven=is_proven, revoked_at=None).first()
    if link is None:
        link = StatusLink(
            organisation_id=case.organisation_id,
            case=case,
            person=person,
            is_proven=is_proven,
            created_at=clock.now(),
        )
        link.token_hash = token_hash(token_of(link))
        link.save()
    return token_of(link)


@transaction.atomic
def send_links_again(*, people: Iterable[Person], by: str) -> None:
    """Write the links to what they follow to these people, who ask for them without showing who they are: to the
    number (`by` text) or the mail address alone that they have given, and never to a phone that others use too."""
    told = [each.pk for each in people if by == Message.Channel.EMAIL or not each.phone_is_shared]
    for link in links_followed(told):
        key = f"page_again:{link.pk}:{clock.now().timestamp()}"
        letter = Letter(link.person, "page_again", key, {"page": ("status", token_of(link))}, by=by)
        messaging.write(organisation=link.person.organisation, letter=letter)


@transaction.atomic
def send_anew(*, case: Case, person: Person) -> None:
    """The link in hand has ended without the person's doing: theirs comes by the way that they have chosen. Nobody
    waits for it at a screen, so it wakes nobody."""
    here = case.organisation
    morning = hours.after_quiet(clock.now(), here.quiet_from, here.quiet_until, here.zone)
    key = f"page_again:{case.pk}:{person.pk}:{clock.now().timestamp()}"
    token = issue_link(case=case, person=person)
    letter = Letter(person, "page_again", key, {"page": ("status", token)}, not_before=morning)
    messaging.write(organisation=case.organisation, letter=letter)


def end_unproven(case: Case) -> bool:
    """Something else comes into the file than what was asked with the form: whoever has filled it in does not see it.
    The link that went to the person's own number goes on. Returns whether there was one."""
    links = StatusLink.objects.filter(case=case, is_proven=False, revoked_at=None)
    return bool(links.update(revoked_at=clock.now()))


def end_unproven_after_call(case: Case) -> None:
    """The same where one of the team adds to the file what somebody has told them. Who cannot be written to has no
    other page: theirs goes on, and shows what was asked with the form alone (`cases.queries.shown_until`)."""
    rows = StatusLink.objects.filter(case=case, is_proven=False, revoked_at=None)
    for link in rows.select_related("person"):
        letter = Letter(link.person, "page_again", f"page_again:{link.pk}")
        if messaging.can_be_written(organisation=case.organisation, letter=letter):
            StatusLink.objects.filter(pk=link.pk).update(revoked_at=clock.now())


@transaction.atomic
def close_page(*, actor: Actor, link: StatusLink) -> None:
    """Whoever holds the link closes the page. Without proof they close their own: the one that went to the person's
    number stays hers."""
    if link.is_proven:
        revoke_links(actor=actor, case=link.case, person=link.person)
        return
    end_unproven(link.case)
    changed(actor, "case.revoke_links", link.case, count=1)


@transaction.atomic
def revoke_links(*, actor: Actor, case: Case, person: Person | None = None) -> int:
    """No link to the case works any more (with `person`: none of this person's); the next message brings a new
    one. Returns how many there were."""
    links = StatusLink.objects.filter(case=case, revoked_at=None)
    if person is not None:
        links = links.filter(person=person)
    count = links.update(revoked_at=clock.now())
    changed(actor, "case.revoke_links", case, count=count)
    return count
