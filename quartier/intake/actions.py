"""Recording that somebody reached us, and keeping what is being typed."""

import json
from datetime import timedelta
from hashlib import sha256
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
def keep_beside(*, draft_id: UUID, other: dict[str, Any], page: str = "", revision: int = 0) -> Draft:
    """Words of a page that another one has overtaken: shown beside its own with the next look, and before anything is
    sent. The one that saved last is not disturbed. Of one page its newest revision is kept, so that somebody can type
    on in it; of several pages all of them."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    answers = draft.answers or {}
    entries = _beside(answers)
    before = next((each for each in entries if each["page"] == page), None)
    is_late = bool(page) and before is not None and revision <= before["revision"]
    if draft.submitted_at is not None or is_late or not (page or other):
        return draft
    entry = {"page": page, "revision": revision, "answers": other}
    if before is not None and not page:
        entry["answers"] = _merged([before, entry])
    entries = [*(each for each in entries if each is not before), entry]
    merged = _merged(entries)
    is_unseen = bool(merged) and (bool(answers.get("unseen")) or merged != (answers.get("other") or {}))
    draft.answers = {**answers, "beside": entries, "other": merged, "unseen": is_unseen}
    draft.save(update_fields=["answers"])
    return draft


def _beside(answers: dict[str, Any]) -> list[dict[str, Any]]:
    """What each page has left beside, the newest last."""
    entries: list[dict[str, Any]] = list(answers.get("beside") or [])
    if not entries and answers.get("other"):
        entries = [{"page": "", "revision": 0, "answers": answers["other"]}]
    return entries


def _merged(entries: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in entries:
        found |= {name: _both(found.get(name), said) for name, said in each["answers"].items()}
    return found


def beside_pages(answers: dict[str, Any]) -> dict[str, int]:
    """Up to which revision words of each page are kept beside."""
    return {each["page"]: each["revision"] for each in _beside(answers) if each["page"]}


def beside_mark(answers: dict[str, Any]) -> str:
    """Changes with what is kept beside: says what somebody has been shown."""
    written = json.dumps(answers.get("other") or {}, sort_keys=True)
    return sha256(written.encode()).hexdigest()[:16]


@transaction.atomic
def choose_text(*, draft_id: UUID, take_other: bool, shown: str) -> None:
    """One of both texts is chosen. `shown`: the `beside_mark` of what was on the page. With `take_other` they change
    places, so that this too can be taken back; else what is beside is dropped, unless some of it was not shown."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    answers = draft.answers or {}
    other = answers.get("other") or {}
    if draft.submitted_at is not None:
        return
    if take_other:
        swapped = {name: answers.get(name) for name in other}
        answers = {**answers, **other, "other": swapped}
    elif shown == beside_mark(answers):
        answers = {**answers, "other": {}}
    else:
        return
    save_draft(draft_id=draft_id, answers={**answers, "beside": [], "unseen": False})


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
