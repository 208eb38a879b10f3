"""The words that a group has for what came of a call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from quartier.lib.ids import uuid7
from quartier.lib.text import one_line
from quartier.team.access import Actor
from quartier.telephony.actions import ledger
from quartier.telephony.actions.line import check_may_change
from quartier.telephony.models import Call, WrapUpCode

MAX_WRAP_UP_CODES = 24
MAX_LABEL_CHARS = 60


@dataclass(frozen=True)
class CodeChoice:
    """One code as a group wants it. `code` '': a new one; `labels`: by language, for those of the group."""

    code: str
    is_active: bool
    labels: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def change_wrap_up_codes(*, actor: Actor, codes: Sequence[CodeChoice]) -> list[WrapUpCode]:
    """Keep the codes in this order. Those that are not named stay as they are, behind the others.

    Raises `ValueError` for a code of another group, one without a label, none that is active, or too many; `Http404`
    for who may not.
    """
    check_may_change(actor)
    rows = {
        row.code: row
        for row in WrapUpCode.objects.select_for_update().filter(organisation=actor.organisation)
    }
    named: list[WrapUpCode] = []
    for choice in codes:
        row = rows.pop(choice.code, None) or _made(actor, choice)
        row.is_active = choice.is_active
        if row.code not in Call.Noted.values:
            row.labels = _labels(choice.labels)
        named.append(row)
    named += sorted(rows.values(), key=lambda row: (row.place, row.pk))
    if len(named) > MAX_WRAP_UP_CODES:
        raise ValueError("too many codes")
    if not any(row.is_active for row in named if row.code != Call.Noted.REQUEST):
        raise ValueError("no active code")
    for place, row in enumerate(named, 1):
        row.place = place
        row.save()
    ledger.changed(actor, "line.codes", "line", actor.organisation.pk, codes=len(named))
    return named


def _made(actor: Actor, choice: CodeChoice) -> WrapUpCode:
    if choice.code and choice.code not in Call.Noted.values:
        raise ValueError(f"{choice.code}: no code of this group")
    # The last characters of a new id are drawn: what an old call has is never another code's.
    return WrapUpCode(organisation=actor.organisation, code=choice.code or f"own-{uuid7().hex[-12:]}")


def _labels(given: dict[str, Any]) -> dict[str, str]:
    labels = {language: one_line(str(text), MAX_LABEL_CHARS) for language, text in given.items()}
    labels = {language: text for language, text in labels.items() if text}
    if not labels:
        raise ValueError("a code without a label")
    return labels
