"""Recording that somebody reached us, and keeping what is being typed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from quartier.intake.models import Contact, Draft
from quartier.lib import clock
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.models import Call


@transaction.atomic
def record_contact(
    *,
    actor: Actor,
    person: Person,
    channel: str,
    words: str = "",
    consent: str = "",
    consent_spoken: bool = False,
    moderated: bool = False,
) -> Contact:
    """One interaction with `person`, who need not be the one who needs help."""
    return Contact.objects.create(
        organisation=actor.organisation,
        person=person,
        channel=channel,
        language=person.language,
        words=words,
        taken_by=actor.account,
        consent=consent,
        consent_spoken=consent_spoken,
        moderated=moderated,
        at=clock.now(),
    )


@transaction.atomic
def rewrite_contact(*, actor: Actor, contact_id: UUID, words: str) -> None:
    """The words of a contact as whoever took it has them now. Of somebody else's contact nothing is changed."""
    row = Contact.objects.select_for_update().filter(pk=contact_id, organisation=actor.organisation).first()
    if row is not None and row.taken_by_id == actor.id and row.words != words:
        row.words = words
        row.save(update_fields=["words"])


@transaction.atomic
def start_draft(*, organisation: Organisation, form: str, actor: Actor | None = None) -> Draft:
    """An empty draft of a form."""
    now = clock.now()
    return Draft.objects.create(
        organisation=organisation,
        form=form,
        account=actor.account if actor else None,
        answers={},
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def draft_of_call(*, actor: Actor, call: Call, answers: dict[str, Any]) -> Draft:
    """What is typed during a call: the draft that is there, else a new one with `answers`. One for each call: it goes
    with the call to whoever takes it over, so call this only for who is on it."""
    Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    draft = Draft.objects.filter(call=call, submitted_at=None).first()
    if draft is None:
        now = clock.now()
        return Draft.objects.create(
            organisation=actor.organisation,
            form=Draft.Form.INTAKE,
            account=actor.account,
            call=call,
            answers=answers,
            created_at=now,
            updated_at=now,
        )
    if actor.account is not None and draft.account_id != actor.account.id:
        draft.account = actor.account
        draft.save(update_fields=["account"])
    return draft


class Overtaken(Exception):
    """The draft was saved elsewhere since this page was drawn, or was sent already."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.pk)
        self.draft = draft


@transaction.atomic
def save_draft(
    *, draft_id: UUID, answers: dict[str, Any], version: int | None = None, page: str = "", revision: int = 0
) -> Draft:
    """Add `answers` to what is there. With `version`, raises `Overtaken` if another page saved since. Of the page that
    saved last, an older revision that arrives late changes nothing, and a newer one is saved upon whatever it was."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    is_same_page = bool(page) and page == draft.page
    if draft.submitted_at is not None:
        raise Overtaken(draft)
    if is_same_page and revision <= draft.revision:
        return draft
    if not is_same_page and version is not None and version != draft.version:
        raise Overtaken(draft)
    draft.page, draft.revision = page, revision
    draft.answers = {**(draft.answers or {}), **answers}
    draft.version += 1
    draft.updated_at = clock.now()
    draft.save()
    return draft


@transaction.atomic
def keep_beside(*, draft_id: UUID, other: dict[str, Any]) -> Draft:
    """Words of a page that another one has overtaken: shown beside its own with the next look, and before anything is
    sent. The one that saved last is not disturbed, and what is kept beside already stays."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.submitted_at is None and other:
        answers = draft.answers or {}
        before = answers.get("other") or {}
        other = {**before, **{name: _both(before.get(name), said) for name, said in other.items()}}
        draft.answers = {**answers, "other": other, "unseen": True}
        draft.save(update_fields=["answers"])
    return draft


def _both(before: Any, said: Any) -> Any:
    """What several pages have left of one answer: written words of all of them, else what was said last."""
    is_written = isinstance(before, str) and isinstance(said, str) and (" " in before or " " in said)
    return f"{before}\n{said}" if is_written and before and before not in said else said


def claim_draft(*, draft_id: UUID) -> Draft:
    """Take the draft to make something of it, inside the caller's transaction.

    Locks the row, so that a double tap waits for the first; a draft that was sent already comes back with its
    `result` and `receipt`.
    """
    return Draft.objects.select_for_update().get(pk=draft_id)


def finish_draft(*, draft: Draft, result: UUID, receipt: Any = None) -> None:
    """The draft has become `result`. What was typed is deleted: it now lives where it belongs."""
    draft.submitted_at = draft.updated_at = clock.now()
    draft.result = result
    draft.receipt = receipt
    draft.answers = {}
    draft.save()


def drop_draft(*, draft: Draft) -> None:
    """Throw away what was typed and never sent. Dropped twice, or sent meanwhile: nothing happens."""
    Draft.objects.filter(pk=draft.pk, submitted_at=None).delete()


def drop_old_drafts(older_than_days: int) -> int:
    """Delete drafts that nobody touched for so long. Returns how many."""
    before = clock.now() - timedelta(days=older_than_days)
    deleted, _ = Draft.objects.filter(updated_at__lt=before).delete()
    return deleted
