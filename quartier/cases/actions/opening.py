"""Opening a case with its requests."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from quartier.cases import rules
from quartier.cases.actions.ledger import changed
from quartier.cases.actions.links import end_unproven, end_unproven_after_call, issue_link
from quartier.cases.actions.making import make_request
from quartier.cases.actions.promising import for_whom, promise_about, whom_to_tell
from quartier.cases.actions.series import begin_series
from quartier.cases.models import Case, CaseContact, Note, Request
from quartier.cases.queries.beside import mark_at_shared_phone
from quartier.cases.rules import Household, Wanted
from quartier.incidents import queries as incidents
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import cells, clock
from quartier.lib.ids import spoken
from quartier.lib.rows import hold
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import Actor

ONCE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Opened:
    """A new case, its requests, and the token of the private page for who asked."""

    case: Case
    requests: list[Request]
    token: str


@transaction.atomic
def open_case(
    *,
    actor: Actor,
    contact: Contact,
    person: Person,
    household: Household,
    wanted: list[Wanted],
    quiet: bool = False,
    is_proven: bool = True,
    may_write: bool = True,
) -> Opened:
    """Open a file for `person`, who needs help; `contact` says who told us. Who asked is told what happens next, or
    where news go to who needs help alone, just that; unless it is `quiet`: they have asked for nothing, we did for
    them.

    Not `is_proven`: whoever fills in the form has shown nothing but a name and a number, so the token in what is
    returned opens this alone; the message brings the person's own. Not `may_write`: one of the team speaks with
    them first."""
    if not wanted:
        raise ValueError("a case is opened for at least one thing")
    case = Case(
        organisation=actor.organisation,
        person=person,
        asked_by=contact.person,
        relation=household.relation[:60],
        tell_asker=household.tell_asker,
        address=household.address,
        access_notes=household.access_notes,
        postcode=household.where.postcode,
        place_name=household.where.place_name,
        cell=household.where.cell,
        area=cells.area_of(household.where.cell),
        precision=household.where.precision,
        opened_at=clock.now(),
    )
    _save_with_reference(case)
    CaseContact.objects.create(organisation=actor.organisation, case=case, contact=contact)
    changed(actor, "case.open", case)
    requests = _ask(actor, case, wanted, contact.moderated)
    token = issue_link(case=case, person=contact.person)
    if not quiet:
        is_told = may_write and whom_to_tell(case) == contact.person
        # Who needs help has heard no hour yet, where somebody else asked and hears nothing more.
        told_by = Promise.ToldBy.MESSAGE if is_told else Promise.ToldBy.NOBODY
        needs_team = None if may_write else True
        promised = {
            request.pk: promise_about(request, told_by=told_by, needs_team=needs_team) for request in requests
        }
        # Now that each has an hour at which it can be kept.
        first = min(requests, key=lambda request: request.promised_at)
        template = _receipt(requests, first) if is_told else "received_for"
        letter = Letter(
            contact.person,
            template,
            f"received:{contact.id}",
            {
                "kind": first.kind,
                "begins": rules.asks_from(first, clock.now()),
                "reference": case.reference,
                "page": ("status", token),
                **_all_kinds(requests),
                **for_whom(case, contact.person),
                **mark_at_shared_phone(first, contact.person),
            },
            promise=promised[first.pk] if is_told else None,
        )
        if may_write:
            messaging.write(organisation=actor.organisation, letter=letter)
    else:
        for request in requests:
            promise_about(request, Promise.Kind.CARE, told_by=Promise.ToldBy.NOBODY)
    if not is_proven:
        token = issue_link(case=case, person=contact.person, is_proven=False)
    return Opened(case, requests, token)


def _all_kinds(requests: list[Request]) -> dict[str, list[str]]:
    """All that was asked, where it is more than one: whoever reads of one of them asks where the others are."""
    kinds = list(dict.fromkeys(request.kind for request in requests))
    return {"all_kinds": kinds} if len(kinds) > 1 else {}


def _receipt(requests: list[Request], first: Request) -> str:
    """The words for who asked and waits for these."""
    if all(request.state == Request.State.HUMAN for request in requests):
        return "received_read"
    return "received_night" if rules.waits_for_morning(first, clock.now()) else "received"


@transaction.atomic
def add_requests(*, actor: Actor, case: Case, contact: Contact, wanted: list[Wanted]) -> list[Request]:
    """Something more for a household that has a file."""
    CaseContact.objects.get_or_create(
        contact=contact, defaults={"organisation": actor.organisation, "case": case}
    )
    if contact.taken_by_id is None:
        end_unproven(case)
    else:
        end_unproven_after_call(case)
    requests = _ask(actor, case, wanted, contact.moderated)
    # Whoever takes a call reads the hour to the caller.
    told_by = Promise.ToldBy.VOICE if actor.account else Promise.ToldBy.NOBODY
    for request in requests:
        promise_about(request, told_by=told_by)
    return requests


@transaction.atomic
def keep_way_in(*, actor: Actor, case: Case, address: str, access_notes: str) -> None:
    """What was said of the way to a household that has a file, held by the caller: its street where there was none, and
    what to know at the door beside what stands there."""
    new_address = "" if case.address else address
    lines = case.access_notes.splitlines()
    new_lines = [line for line in access_notes.splitlines() if line not in lines]
    if not (new_address or new_lines):
        return
    case.address = case.address or new_address
    case.access_notes = "\n".join([*lines, *new_lines])
    case.save(update_fields=["address", "access_notes"])
    changed(actor, "case.keep_way_in", case)


@transaction.atomic
def hear(*, actor: Actor, case: Case, person: Person, channel: str, words: str) -> Contact:
    """Somebody tells us something about their case, thanks for instance. The same words twice within an hour are
    one contact."""
    hold(Case, pk=case.pk)
    since = clock.now() - ONCE_WITHIN
    for known in Contact.objects.filter(case_contact__case=case, person=person, at__gte=since):
        if known.words == words:
            return known
    contact = intake.record_contact(actor=actor, person=person, channel=channel, words=words)
    CaseContact.objects.create(organisation=actor.organisation, case=case, contact=contact)
    changed(actor, "case.hear", case)
    return contact


@transaction.atomic
def write_note(*, actor: Actor, case: Case, words: str) -> Note:
    """Something for the file. The same words of the same one twice within an hour are one note."""
    hold(Case, pk=case.pk)
    since = clock.now() - ONCE_WITHIN
    for known in Note.objects.filter(case=case, author=actor.account, at__gte=since):
        if known.words == words:
            return known
    note = Note.objects.create(
        organisation=actor.organisation, case=case, author=actor.account, words=words, at=clock.now()
    )
    changed(actor, "case.note", case)
    return note


def _save_with_reference(case: Case) -> None:
    for _ in range(5):
        case.reference = spoken(6)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise RuntimeError("no free reference found")


def _ask(actor: Actor, case: Case, wanted: list[Wanted], moderated: bool) -> list[Request]:
    now = clock.now()
    running = incidents.read(actor.organisation)
    requests = [make_request(case, each, moderated=moderated, now=now, running=running) for each in wanted]
    Request.objects.bulk_create(requests)
    for request, each in zip(requests, wanted, strict=True):
        changed(actor, "request.open", request)
        if each.rhythm:
            begin_series(actor=actor, request=request, wish=each.rhythm)
            request.refresh_from_db(fields=["series", "day"])
    return requests
