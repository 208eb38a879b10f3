"""What a group chooses for its line."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger
from quartier.telephony.models import LineSettings

# What may be chosen, and between which bounds.
BOUNDS = {
    "longest_wait_s": (60, 3600),
    "ring_s": (5, 60),
    "at_once": (1, 10),
    "wrap_up_s": (1, 1800),
    "keep_audio_days": (1, 365),
    "daily_cents": (0, 1_000_000),
    "own_phone_cents": (0, 1_000_000),
    "tries": (1, 20),
    "max_calls_out": (1, 500),
    "max_calls_out_hour": (1, 500),
}


def check_may_change(actor: Actor) -> None:
    """Raise `Http404` for whoever does not look after the line."""
    if not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        raise Http404


@transaction.atomic
def change_line(*, actor: Actor, **values: Any) -> LineSettings:
    """Change what the group has chosen: names of `LineSettings`. `may_dial`: beginnings of E.164 numbers.

    Raises `ValueError` for a value out of its bounds, `Http404` for who may not.
    """
    check_may_change(actor)
    row, _new = LineSettings.objects.select_for_update().get_or_create(organisation=actor.organisation)
    for name, value in values.items():
        setattr(row, name, _checked(name, value))
    row.save()
    transaction.on_commit(lambda: queries.forget_closing(actor.organisation.pk))
    ledger.changed(actor, "line.change", "line", row.pk, what=sorted(values))
    return row


@transaction.atomic
def allow_country(*, actor: Actor, number: str) -> str:
    """Numbers of this number's country may be dialled from now on, or of its area where several countries share a code;
    gives their beginning, such as `+33`.

    Raises `ValueError` for what is no number, `Http404` for who may not.
    """
    check_may_change(actor)
    begin = rules.country_prefix(number, actor.organisation.country)
    if not begin:
        raise ValueError("no number")
    row, _new = LineSettings.objects.select_for_update().get_or_create(organisation=actor.organisation)
    allowed = row.may_dial or [rules.home_prefix(actor.organisation.country)]
    if begin not in allowed:
        row.may_dial = [*allowed, begin]
        row.save(update_fields=["may_dial"])
        ledger.changed(actor, "line.change", "line", row.pk, what=["may_dial"])
    return begin


def _checked(name: str, value: Any) -> Any:
    if name in BOUNDS:
        least, most = BOUNDS[name]
        if not least <= int(value) <= most:
            raise ValueError(f"{name}: from {least} to {most}")
        return int(value)
    if name in {"open_on_holidays", "records", "texts_missed"}:
        return bool(value)
    if name == "closed_until":
        if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
            raise ValueError("closed_until: an aware moment, or none")
        return value
    if name == "may_dial":
        begins = [str(each).replace(" ", "") for each in value]
        if not all(each[:1] == "+" and each[1:].isdecimal() and each.isascii() for each in begins):
            raise ValueError("may_dial: beginnings of numbers, as +32")
        return begins[:50]
    raise ValueError(f"{name} cannot be chosen")
