"""Two files for one household become one."""

from enum import StrEnum
from uuid import UUID

from django.db import transaction

from quartier.cases.actions.ledger import changed
from quartier.cases.actions.links import end_unproven, send_anew
from quartier.cases.actions.promising import SUBJECT, whom_to_tell
from quartier.cases.models import Case, CaseContact, Note, Request, Series, StatusLink
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.people import actions as known
from quartier.people import queries as people
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import Actor


class Hears(StrEnum):
    """Who hears how it goes once two files are one: whoever does of the one that is kept; whoever does of the other
    one, since it is their number that we know; or nobody knows whose number it is."""

    KEPT = "kept"
    OTHER = "other"
    UNKNOWN = "unknown"


class NotConfirmed(ValueError):
    """News of one household would go to a number or address of which nobody knows that it is theirs."""


def who_hears(keep: Case, other: Case) -> Hears:
    """Anybody can have written their own number beside somebody else's name: what the other file waits for is told
    there only where it is known (decision 0053). Whoever asked holds a private link to the file, whoever is told."""
    mine, theirs = [whom_to_tell(keep), keep.asked_by], [whom_to_tell(other), other.asked_by]
    if all(any(_is_reached_as(one, each) for each in theirs) or people.is_shown(one) for one in mine):
        return Hears.KEPT
    if all(people.is_shown(one) for one in theirs):
        return Hears.OTHER
    # Who has neither number nor address is told by the team alone.
    return Hears.UNKNOWN if any(one.phone_index or one.email_index for one in mine) else Hears.KEPT


@transaction.atomic
def merge_cases(*, actor: Actor, keep: Case, other: Case, is_spoken_with: bool = False) -> Case:
    """Everything of `other` moves to `keep`; `other` stays as a sign that points there. Doing it again is harmless.

    Where the number of the other file alone is known to be theirs, its people become those of the one that is kept.
    `is_spoken_with`: one of the team has spoken with whoever hears of the one that is kept.

    Private links to the other file show the one that is kept where they are of whoever belongs to that one and went to
    their own number or address; every other link ends, and who belongs there gets theirs anew.
    Raises `NotPossible` for a file merged into itself or kept in one that was itself merged away, and `NotConfirmed`.
    """
    locked = {
        case.pk: case
        for case in Case.objects.select_for_update().filter(pk__in=[keep.pk, other.pk]).order_by("pk")
    }
    if len(locked) != 2 or locked[keep.pk].organisation_id != locked[other.pk].organisation_id:
        raise NotPossible
    keep, other = locked[keep.pk], locked[other.pk]
    if other.merged_into_id == keep.pk:
        return keep
    if keep.merged_into_id or other.merged_into_id:
        raise NotPossible
    hears = Hears.KEPT if is_spoken_with else who_hears(keep, other)
    if hears == Hears.UNKNOWN:
        raise NotConfirmed
    known.keep_apart_from_all([keep.person, other.person])
    if hears == Hears.OTHER:
        _take_people(keep, other)
    Request.objects.filter(case=other).update(case=keep)
    Series.objects.filter(case=other).update(case=keep)
    CaseContact.objects.filter(case=other).update(case=keep)
    # Sealed notes are bound to their own row, so they move without being opened.
    Note.objects.filter(case=other).update(case=keep)
    _owe_to_who_hears(keep)
    _join_links(keep, other, are_new=hears == Hears.OTHER)
    other.merged_into = keep
    other.save(update_fields=["merged_into"])
    if not keep.address and other.address:
        keep.address = other.address
        keep.save(update_fields=["address"])
    changed(actor, "case.merge", keep, other=str(other.pk), hears=hears.value, spoken=is_spoken_with)
    return keep


def _take_people(keep: Case, other: Case) -> None:
    """Whoever hears of the other file does of the one that is kept."""
    for name in ("person", "asked_by", "relation", "tell_asker"):
        setattr(keep, name, getattr(other, name))
    keep.save(update_fields=["person", "asked_by", "relation", "tell_asker"])


def _owe_to_who_hears(keep: Case) -> None:
    """What was promised to somebody else about either is owed to whoever hears of both now; who was not reached there
    has been told no hour."""
    told = whom_to_tell(keep)
    asked = Request.objects.filter(case=keep, unasked=False).exclude(state=Request.State.CLOSED)
    owed = Promise.objects.filter(
        subject_kind=SUBJECT, subject_id__in=asked.values("pk"), outcome="", complaint_id=None
    )
    for promise in owed.exclude(person=None).exclude(person=told).select_related("person"):
        if promise.person is not None and not _is_reached_as(promise.person, told):
            promise.told_by = Promise.ToldBy.NOBODY
        promise.person = told
        promise.save(update_fields=["person", "told_by"])


def _join_links(keep: Case, other: Case, *, are_new: bool) -> None:
    """`are_new`: the people of the file that is kept, so that those who were there before read nothing of it any more.

    Whoever has typed a name and a number in a form reads of what they asked there, and not of all that the one file
    holds now; no more does who asked for that household once."""
    lost = {*_of_unproven(keep), *_of_unproven(other)}
    end_unproven(keep)
    end_unproven(other)
    mine = [keep.person, keep.asked_by]
    links = StatusLink.objects.filter(case__in=[keep, other] if are_new else [other])
    foreign = [
        link.pk
        for link in links.filter(revoked_at=None).select_related("person")
        if not any(_is_reached_as(link.person, one) for one in mine)
    ]
    links.filter(pk__in=foreign).update(revoked_at=clock.now())
    links.update(case=keep)
    told = lost & {one.pk for one in mine}
    for person in Person.objects.filter(pk__in=told).select_related("organisation"):
        send_anew(case=keep, person=person)


def _is_reached_as(one: Person, ours: Person) -> bool:
    """The same person, perhaps written down twice: their links went to no number or address but those of `ours`."""
    ways = {one.phone_index, one.email_index} - {""}
    return one.pk == ours.pk or (bool(ways) and ways <= {ours.phone_index, ours.email_index})


def _of_unproven(case: Case) -> list[UUID]:
    links = StatusLink.objects.filter(case=case, is_proven=False, revoked_at=None)
    return list(links.values_list("person_id", flat=True))
