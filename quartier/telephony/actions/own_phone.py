"""Whose an operator's own phone is: the line calls it once and says a code, and the operator types it on their page.

Anybody can write down somebody else's number. Before it is proven the line rings it for no caller.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.limits.actions import allow
from quartier.people.models import Person
from quartier.people.proven_phone import prove_phone
from quartier.team.access import Actor
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger, wishes
from quartier.telephony.models import Call, OwnPhoneCode, Wish

CODE_LIVES = timedelta(minutes=10)
MAX_CODE_TRIES = 5
# So many calls in so many seconds, to one operator, and to one number whoever gave it.
LIMITS = ((3, 3600), (6, 86_400))
KEPT = timedelta(days=1)
CODE_DIGITS = 6


class TooManyCodes(Exception):
    """As many such calls as may be were made already, for this operator or to this number."""


class AlreadyCalled(Exception):
    """That phone is being called at this moment."""


def ask_for_code(*, actor: Actor) -> Wish:
    """Have the line call the actor's own phone and say a code. Call it outside of a transaction: it is counted.

    Raises `MayNotDial` where the line cannot call that number now, `AlreadyCalled`, `TooManyCodes`, `ValueError` where
    there is nothing to prove, and `Http404` for who is not of the team.
    """
    now = clock.now()
    person = Person.objects.filter(account=actor.id, organisation=actor.organisation).first()
    if person is None or not person.phone or person.is_phone_proven:
        raise ValueError("nothing to prove")
    queries.check_own_phone_code(person, now)
    # (Taken and not answered, its call is about to begin.)
    waiting = Wish.objects.filter(account=actor.id, what=wishes.PROVE, answer="")
    live = Call.objects.filter(
        organisation=actor.organisation,
        number_index=person.phone_index,
        began_at__gt=now - rules.MAX_CALL_AGE,
    )
    if waiting.filter(at__gt=now - rules.WISH_LASTS).exists() or live.filter(ended_at=None).exists():
        raise AlreadyCalled
    for limit, seconds in LIMITS:
        for purpose, who in (("of", str(actor.id)), ("to", person.phone_index)):
            if not allow(purpose=f"own phone code {purpose}", who=who, limit=limit, per_seconds=seconds):
                raise TooManyCodes
    return wishes.wish(actor=actor, what=wishes.PROVE)


@transaction.atomic
def begin_code(wish: Wish) -> tuple[rules.Dial, str] | None:
    """Whom call control is to call for this wish, and the new code that it says; `None` where there is nothing to
    prove any more. Codes before it stop working. Raises `MayNotDial`."""
    found = queries.number_to_prove(wish)
    if found is None:
        return None
    now, code = clock.now(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    OwnPhoneCode.objects.filter(account=wish.account_id, ended_at=None).update(ended_at=now)
    row = OwnPhoneCode(organisation=wish.organisation, account=wish.account, created_at=now)
    row.number_index = blind("phone", wish.organisation_id, found.number)
    row.code_hash = _hash(row, code)
    row.save()
    return found, code


def use_code(*, actor: Actor, typed: str) -> bool:
    """Whether this is the code that was said on the phone that the actor has now; then it is theirs. Every try counts,
    also one that comes at the same time."""
    row = open_code(actor, clock.now())
    if row is None:
        return False
    still = OwnPhoneCode.objects.filter(pk=row.pk, ended_at=None)
    counted = still.filter(tries__lt=MAX_CODE_TRIES).update(tries=F("tries") + 1)
    if not counted or not hmac.compare_digest(row.code_hash, _hash(row, typed)):
        return False
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).filter(account=actor.id).first()
        if person is None or person.phone_index != row.number_index:
            return False
        if not still.update(ended_at=clock.now()):
            return False
        prove_phone(person=person, number_index=row.number_index, how="call")
        ledger.touch(row.organisation_id, row.account_id)
    return True


def open_code(actor: Actor, now: datetime) -> OwnPhoneCode | None:
    """The code that the actor can type now."""
    rows = OwnPhoneCode.objects.filter(account=actor.id, organisation=actor.organisation, ended_at=None)
    return rows.filter(created_at__gt=now - CODE_LIVES, tries__lt=MAX_CODE_TRIES).order_by("-pk").first()


def forget_codes(now: datetime) -> int:
    """Delete codes of yesterday and before. Returns how many."""
    return OwnPhoneCode.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _hash(row: OwnPhoneCode, code: str) -> str:
    """Keyed, since six digits are soon tried."""
    return blind("own phone code", row.pk, code)
