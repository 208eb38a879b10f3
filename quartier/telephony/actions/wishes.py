"""What operators want of call control: written by pages, taken once by call control, and answered."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import Http404

from quartier.callcore import Standing
from quartier.callcore.operator import MAX_WRAP_UP_S, TYPING_EXTENDS_S
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor, system
from quartier.team.models import Account, Role
from quartier.telephony import rules
from quartier.telephony.actions import ledger, operators
from quartier.telephony.models import Call, Callback, Operator, Wish

# That the line calls the operator's own phone and says a code. `own_phone.ask_for_code` wishes it.
PROVE = "prove_phone"
# What each wish needs: a call, whom it goes to.
NEEDS: dict[str, tuple[bool, str]] = {
    "on": (False, ""),
    "off": (False, ""),
    "pause": (False, ""),
    "resume": (False, ""),
    "type_notes": (False, ""),
    "hold": (True, ""),
    "unhold": (True, ""),
    "transfer": (True, "account"),
    "consult": (True, "account"),
    "third": (True, "account"),
    "complete": (True, ""),
    "cancel": (True, ""),
    "end": (True, ""),
    "record": (True, ""),
    "pause_record": (True, ""),
    "resume_record": (True, ""),
    "stop_record": (True, ""),
    "listen": (True, ""),
    "dial": (False, "somebody"),
    PROVE: (False, ""),
}
SUPERVISORS = (Role.Name.COORDINATOR, Role.Name.ADMIN)
# What is heard or begun beyond one's own call is written down.
_AUDITED = {"listen": "call.listen", "record": "call.record", "dial": "call.dial", PROVE: "own_phone.call"}
KEPT = timedelta(days=1)
NOTES_NEARLY_OVER = timedelta(seconds=TYPING_EXTENDS_S / 2)
# Call control and this clock may differ a little.
LONGEST_NOTES = timedelta(seconds=MAX_WRAP_UP_S - 2)
_MANY_DIGITS = re.compile(r"\d(?:\W?\d){5,}")


def wish(
    *,
    actor: Actor,
    what: str,
    call: UUID | None = None,
    to: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> Wish:
    """Somebody of the team wants something of call control. `NEEDS` says what goes with what; `details`: `languages`
    (codes) and `own_phone` for `on`, a `reason` for `pause`.

    Raises `Http404` for whoever may not, or something of another organisation, and `ValueError` for a wish that
    makes no sense, and to listen to a worry, which goes around whoever it is about.
    """
    if actor.account is None or not actor.has(*(SUPERVISORS if what == "listen" else TEAM)):
        raise Http404
    if what not in NEEDS:
        raise ValueError(what)
    needs_call, target = NEEDS[what]
    if needs_call != (call is not None) or bool(target) != (to is not None):
        raise ValueError(f"{what}: the call or whom it goes to is missing, or too much")
    listened = call if what == "listen" else None
    if listened and Call.objects.filter(pk=listened, worried_at__isnull=False).exists():
        raise ValueError("nobody listens to a worry")
    if to is not None:
        _check_target(actor, target, to)
    with transaction.atomic():
        row = Wish.objects.create(
            organisation=actor.organisation,
            account=actor.account,
            what=what,
            call=call,
            to=to,
            details=_details(what, details or {}),
            at=clock.now(),
        )
        if what in _AUDITED:
            kind = "call" if call else "person" if to else "wish"
            ledger.changed(actor, _AUDITED[what], kind, call or to or row.pk)
        else:
            ledger.touch(actor.organisation.id, actor.account.id)
    return row


def notes_are_typed(*, actor: Actor) -> None:
    """The actor types their notes: where the time for them is nearly over, they wish for more, as long as there is any.
    One query while there is time enough."""
    now = clock.now()
    row = Operator.objects.filter(account=actor.id, organisation=actor.organisation).first()
    if row is None or row.standing != Standing.WRAP_UP or row.until is None:
        return
    if row.until - now > NOTES_NEARLY_OVER or row.until >= row.since + LONGEST_NOTES:
        return
    if not Wish.objects.filter(account=actor.id, what="type_notes", taken_at=None).exists():
        wish(actor=actor, what="type_notes")


def _check_target(actor: Actor, target: str, to: UUID) -> None:
    if target == "account":
        there = Account.objects.filter(pk=to, organisation=actor.organisation, is_active=True).exists()
    else:
        there = any(
            model._default_manager.filter(pk=to, organisation=actor.organisation).exists()
            for model in (Callback, Person)
        )
    if not there:
        raise Http404


def _details(what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what belongs to the wish, and never a number."""
    if what == "on":
        ours = [code for code, _name in settings.LANGUAGES]
        languages = [str(each) for each in given.get("languages", []) if each in ours]
        return {
            "languages": list(dict.fromkeys(languages)) or ours[:1],
            "own_phone": bool(given.get("own_phone")),
        }
    if what == "pause":
        return {"reason": _MANY_DIGITS.sub("…", one_line(str(given.get("reason", "")), 40))}
    return {}


def _is_anything_wished() -> bool:
    """Asked ten times a second, all day and night: in SQL, since the ORM takes five times as long to say no."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM telephony_wish WHERE taken_at IS NULL LIMIT 1")
        return cursor.fetchone() is not None


def take_wishes(limit: int = 50) -> list[Wish]:
    """Wishes that wait, the oldest first, with organisation and account: each is given out once, whoever asks.

    One that nobody took in time is answered `late`, but for `off`: nobody is rung who has left. Idle, this only looks,
    and writes nothing.
    """
    if not _is_anything_wished():
        return []
    now = clock.now()
    with transaction.atomic():
        waiting = Wish.objects.filter(taken_at=None).select_related("organisation", "account")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        found = list(waiting.order_by("at", "id")[:limit])
        late = [each for each in found if now - each.at > rules.WISH_LASTS and each.what != "off"]
        taken = [each for each in found if each not in late]
        _mark(late, taken_at=now, answer="late")
        _mark(taken, taken_at=now)
        for each in late:
            if each.what == "dial":
                _release_late(each)
            ledger.touch(each.organisation_id, each.account_id)
        for each in taken:
            if each.what == "on":
                operator = operators.locked(each.organisation, each.account_id, now)
                if operator is not None:
                    operator.languages = each.details.get("languages", [])
                    operator.save(update_fields=["languages"])
    return taken


def _mark(wishes: list[Wish], **values: Any) -> None:
    if wishes:
        Wish.objects.filter(pk__in=[each.pk for each in wishes], taken_at=None).update(**values)
        for each in wishes:
            for name, value in values.items():
                setattr(each, name, value)


@transaction.atomic
def answer_wish(wish_id: UUID, answer: str) -> None:
    """What became of a wish: `done`, or what spoke against it. The first answer counts.

    Whom an operator wanted to call while no phone could be rung is nobody's again: whoever tries next may have them.
    """
    row = Wish.objects.filter(pk=wish_id).first()
    answer = one_line(answer, 20) or "done"
    if row is not None and Wish.objects.filter(pk=wish_id, answer="").update(answer=answer):
        if row.what == "dial" and answer == "edge":
            _release(row)
        ledger.touch(row.organisation_id, row.account_id)


def _release_late(wish: Wish) -> None:
    """Nobody has called them, and whoever tries next may have them; unless it was pressed once more since."""
    pressed = Wish.objects.filter(account=wish.account_id, what="dial", to=wish.to, at__gt=wish.at)
    if not pressed.exclude(answer__in=("edge", "late")).exists():
        _release(wish)


def _release(wish: Wish) -> None:
    if wish.to is None:
        return
    rows = Callback.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(pk=wish.to, state=Callback.State.CLAIMED, claimed_by=wish.account_id).first()
    if row is not None:
        row.state, row.claimed_by, row.claimed_until = Callback.State.WAITING, None, None
        row.save(update_fields=["state", "claimed_by", "claimed_until"])
        ledger.changed(system(row.organisation), "callback.release", "callback", row.pk)


def forget_wishes(now: datetime, limit: int = 2000) -> int:
    """Delete wishes of yesterday and before. Returns how many."""
    keys = list(Wish.objects.filter(at__lt=now - KEPT).order_by("pk").values_list("pk", flat=True)[:limit])
    return Wish.objects.filter(pk__in=keys).delete()[0]
