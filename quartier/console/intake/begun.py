"""Forms of the phone that were begun and not sent: with words of danger in them, or left lying. On the board for all of
the team, so that nobody waits on the list of one operator alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.audit.queries import of_subject
from quartier.cases.rules import NotPossible
from quartier.console.intake.danger_hint import TYPED_FIELDS, words_of_danger
from quartier.intake.models import Draft
from quartier.intake.queries import is_begun
from quartier.lib import clock
from quartier.messaging.who_waits import WaitingPerson
from quartier.team.access import Actor
from quartier.team.models import Organisation

# Nobody has typed in it for so long: it was left lying, and a colleague may go on with it.
LEFT_AFTER = timedelta(minutes=10)
# Among the answers of a form: whoever wrote in it has pressed "Finish later", and nobody types in it any more.
LEFT = "left"
# Each is unsealed to be looked at; the newest of them, so that no week of forms that came to nothing hides words of
# danger of a moment ago.
MAX_READ = 200


@dataclass(frozen=True)
class Begun:
    """A form that was begun: whose it is, and why it stands on the board."""

    draft: Draft
    is_danger: bool
    is_left: bool

    @property
    def name(self) -> str:
        answers = self.draft.answers or {}
        return str(answers.get("caller_name") or answers.get("person_name") or "")

    @property
    def phone(self) -> str:
        answers = self.draft.answers or {}
        return str(answers.get("phone") or answers.get("person_phone") or "")

    @property
    def place(self) -> str:
        return str((self.draft.answers or {}).get("place") or "")


def begun_unsent(organisation: Organisation, now: datetime) -> list[Begun]:
    """Those with words of danger first, then the oldest. One query."""
    rows = (
        Draft.objects.filter(
            organisation=organisation,
            form=Draft.Form.INTAKE,
            submitted_at=None,
            account__isnull=False,
            version__gt=0,
        )
        .select_related("account", "call")
        .order_by("-updated_at", "-pk")[:MAX_READ]
    )
    found = [each for draft in rows if (each := _begun(draft, now)) is not None]
    return sorted(found, key=lambda each: (not each.is_danger, each.draft.updated_at))


def left_with_danger(organisation: Organisation, now: datetime) -> list[WaitingPerson]:
    """Whose forms with words of danger lie there, for a letter. Nothing of what stands in them."""
    return [
        WaitingPerson(
            each.draft.account.name.split(" ")[0],
            each.draft.updated_at,
            "begun",
            each.draft.updated_at,
            ("board",),
        )
        for each in begun_unsent(organisation, now)
        if each.is_danger and each.is_left and each.draft.account is not None
    ]


def _begun(draft: Draft, now: datetime) -> Begun | None:
    answers = draft.answers or {}
    is_talking = draft.call is not None and draft.call.ended_at is None
    lies = bool(answers.get(LEFT)) or now - draft.updated_at >= LEFT_AFTER
    is_left = lies and not is_talking
    is_danger = bool(words_of_danger(answers))
    has_words = any(answers.get(name) for name in TYPED_FIELDS)
    has_number = bool(answers.get("phone") or answers.get("person_phone"))
    if not is_begun(draft) or not (is_danger or (is_left and has_words and has_number)):
        return None
    return Begun(draft, is_danger, is_left)


TAKE_OVER_VERB = "draft.take_over"


def was_taken_over(draft: Draft) -> bool:
    """Whether a colleague has gone on with it after it was left lying. One query."""
    return of_subject(draft.organisation_id, draft.pk).filter(verb=TAKE_OVER_VERB).exists()


@transaction.atomic
def take_over(*, actor: Actor, draft_id: UUID) -> Draft:
    """Go on with what a colleague has left lying. Raises `NotPossible` for anything else."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("call").get(pk=draft_id)
    if draft.organisation_id != actor.organisation.id or actor.account is None:
        raise NotPossible
    if draft.account_id == actor.account.id:
        return draft
    found = None if draft.submitted_at else _begun(draft, clock.now())
    if found is None or not found.is_left:
        raise NotPossible
    draft.account, draft.answers = actor.account, (draft.answers or {}) | {LEFT: False}
    # They are at it from now, and nobody takes it from them in turn while they read it, or call.
    draft.updated_at = clock.now()
    draft.save(update_fields=["account", "answers", "updated_at"])
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=TAKE_OVER_VERB,
        subject_kind="draft",
        subject_id=draft.pk,
    )
    return draft
