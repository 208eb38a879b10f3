"""What changes organisations and accounts."""

from collections.abc import Collection
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.team.access import SUSPENDED_STATE, TEAM, Actor
from quartier.team.models import Account, Organisation, Pass, Passkey, Role
from quartier.team.sessions import end_sessions


@transaction.atomic
def add_passkey(*, account: Account, credential_id: str, credential: str, sign_count: int) -> Passkey:
    """Keep a passkey of this account; the same one twice is one. `credential`: the public key, in hexadecimal."""
    passkey, new = Passkey.objects.get_or_create(
        credential_id=credential_id,
        defaults={
            "organisation_id": account.organisation_id,
            "account": account,
            "credential": credential,
            "sign_count": sign_count,
            "created_at": clock.now(),
        },
    )
    if new:
        audit.record(
            organisation_id=account.organisation_id,
            actor_kind="account",
            actor_id=account.id,
            verb="account.add_passkey",
            subject_kind="account",
            subject_id=account.id,
        )
    return passkey


@transaction.atomic
def use_passkey(*, passkey: Passkey, sign_count: int) -> bool:
    """Note that it was used. False if its counter does not go up: then somebody has a copy of it."""
    fits = Q(sign_count__lt=sign_count) if sign_count else Q(sign_count=0)
    return bool(
        Passkey.objects.filter(fits, pk=passkey.pk).update(sign_count=sign_count, used_at=clock.now())
    )


@transaction.atomic
def remove_passkey(*, account: Account, passkey_id: UUID) -> bool:
    """Sign in with this passkey of theirs no more. False where it is gone, or somebody else's."""
    if not Passkey.objects.filter(pk=passkey_id, account=account).delete()[0]:
        return False
    audit.record(
        organisation_id=account.organisation_id,
        actor_kind="account",
        actor_id=account.id,
        verb="account.remove_passkey",
        subject_kind="account",
        subject_id=account.id,
    )
    return True


class NoOwnPasskey(Exception):
    """Whoever demands passkeys would be the first to be kept out."""


@transaction.atomic
def demand_passkeys(*, actor: Actor, wish: bool) -> None:
    """Coordinators and heads sign in with a passkey from now on, or may again with a code. Raises `Http404` for who
    does not head the group, `NoOwnPasskey`."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    if wish == actor.organisation.demands_passkeys:
        return
    if wish and not Passkey.objects.filter(account=actor.account).exists():
        raise NoOwnPasskey
    Organisation.objects.filter(pk=actor.organisation.pk).update(demands_passkeys=wish)
    actor.organisation.demands_passkeys = wish
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.demand_passkeys",
        subject_kind="organisation",
        subject_id=actor.organisation.pk,
        details={"wish": wish},
    )


# What a volunteer who asks for it is only given after a training: whoever has it hears or sees people in need.
TRAINED = frozenset({Role.Name.OPERATOR, Role.Name.LISTENER})


class NotTrained(Exception):
    """The training for this role is not passed, or cannot be recorded so: it is one's own, or the day is to come."""


@transaction.atomic
def record_pass(*, actor: Actor, account: Account, name: str, passed_on: date) -> bool:
    """A coordinator has seen that this one has passed the training for a role, and gives it. False when it was given
    already. Raises `Http404` for others, `NotTrained` for one's own training or a day to come."""
    if account.organisation_id != actor.organisation.id or not actor.has(
        Role.Name.COORDINATOR, Role.Name.ADMIN
    ):
        raise Http404
    now = clock.now()
    if account.pk == actor.id or passed_on > now.astimezone(actor.organisation.zone).date():
        raise NotTrained
    Pass.objects.update_or_create(
        account=account,
        role=Role.Name(name),
        defaults={
            "organisation": actor.organisation,
            "passed_on": passed_on,
            "recorded_by": actor.account,
            "recorded_at": now,
        },
    )
    return give_role(actor=actor, account=account, name=name)


@transaction.atomic
def give_role(*, actor: Actor, account: Account, name: str) -> bool:
    """From now on this account has this role too. False when it had it already. Raises `ValueError` for no role,
    `NotTrained` without the training that it needs (`TRAINED`)."""
    if name in TRAINED and not account.passes.filter(role=name).exists():
        raise NotTrained
    _role, new = Role.objects.get_or_create(
        account=account, name=Role.Name(name), defaults={"organisation_id": account.organisation_id}
    )
    if new:
        _record_role(actor, "account.give_role", account, name)
    return new


class NobodyHeads(Exception):
    """The group would have no administrator any more."""


@transaction.atomic
def take_into_team(*, actor: Actor, account: Account, name: str) -> bool:
    """Give a role without a training: the head of the group, or whoever runs the machine, knows whom they take. An
    account that was switched off works again. False when it had the role already."""
    Account.objects.filter(pk=account.pk).update(is_active=True)
    _role, new = Role.objects.get_or_create(
        account=account, name=Role.Name(name), defaults={"organisation_id": account.organisation_id}
    )
    if new:
        _record_role(actor, "account.give_role", account, name)
    return new


@transaction.atomic
def take_roles(*, actor: Actor, account: Account, names: Collection[str]) -> None:
    """From now on this account has none of these roles, and is signed out everywhere. Without any role left it is
    switched off, and its passkeys are gone. Raises `NobodyHeads`, and changes nothing, for the last administrator; who
    is suspended heads nothing."""
    heads = Role.objects.select_for_update(of=("self",)).filter(
        organisation_id=account.organisation_id, name=Role.Name.ADMIN, account__is_active=True
    )
    heads = heads.exclude(account__person__volunteer__state=SUSPENDED_STATE)
    heading = {row.account_id for row in heads}
    if Role.Name.ADMIN in names and heading == {account.pk}:
        raise NobodyHeads
    held = Role.objects.filter(account=account, name__in=names)
    for name in sorted(held.values_list("name", flat=True)):
        _record_role(actor, "account.take_role", account, name)
    held.delete()
    if not Role.objects.filter(account=account).exists():
        Account.objects.filter(pk=account.pk).update(is_active=False)
        account.passkeys.all().delete()
    end_sessions(account)


def _record_role(actor: Actor, verb: str, account: Account, name: str) -> None:
    audit.record(
        organisation_id=account.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="account",
        subject_id=account.id,
        details={"role": str(name)},
    )


@transaction.atomic
def found_organisation(
    *, name: str, languages: list[str], country: str = "BE", phone: str = "", host: str = ""
) -> Organisation:
    """A new organisation. `languages`: codes, the first one is its own; `phone` in E.164 or ''; `host`: the name
    under which its pages are reached, '' for the first organisation of an installation."""
    return Organisation.objects.create(
        name=name, languages=languages, country=country, phone=phone, host=host, created_at=clock.now()
    )


@transaction.atomic
def change_line_number(*, organisation_id: UUID, number: str) -> bool:
    """From now on people call this number (E.164, "" for none). False when it was so already. For whoever runs the
    machine: no page asks for it."""
    row = Organisation.objects.select_for_update().get(pk=organisation_id)
    if row.phone == number:
        return False
    row.phone = number
    row.save(update_fields=["phone"])
    audit.record(
        organisation_id=row.id,
        verb="organisation.change_line_number",
        subject_kind="organisation",
        subject_id=row.id,
        details={"has_number": bool(number)},
    )
    return True


@transaction.atomic
def set_supervisor(*, actor: Actor, account_id: str, wish: bool) -> None:
    """An administrator entrusts listeners to somebody of the team, or no longer. Raises `Http404`."""
    try:
        key = UUID(account_id)
    except ValueError as error:
        raise Http404 from error
    account = Account.objects.filter(pk=key, organisation=actor.organisation, is_active=True).first()
    of_team = account is not None and account.roles.filter(name__in=[*TEAM, Role.Name.SUPERVISOR]).exists()
    if account is None or not of_team or not actor.has(Role.Name.ADMIN):
        raise Http404
    if wish:
        Role.objects.get_or_create(
            organisation=actor.organisation, account=account, name=Role.Name.SUPERVISOR
        )
    else:
        Role.objects.filter(account=account, name=Role.Name.SUPERVISOR).delete()
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="account.supervise" if wish else "account.supervise_no_more",
        subject_kind="account",
        subject_id=account.pk,
    )


@transaction.atomic
def change_details(*, actor: Actor, legal_name: str, postal_address: str, contact_email: str) -> None:
    """Who runs the line and how to write to them, for the group's page about itself; each may be empty. Raises
    `Http404` for who does not head the group."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    details = {"legal_name": legal_name, "postal_address": postal_address, "contact_email": contact_email}
    Organisation.objects.filter(pk=actor.organisation.pk).update(**details)
    for name, words in details.items():
        setattr(actor.organisation, name, words)
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.change_details",
        subject_kind="organisation",
        subject_id=actor.organisation.pk,
        details={name: bool(words) for name, words in details.items()},
    )


def change_quiet_hours(*, organisation: Organisation, start: time, end: time) -> None:
    """When nobody is disturbed, by local clocks, over midnight if need be; never, when both are the same."""
    Organisation.objects.filter(pk=organisation.pk).update(quiet_from=start, quiet_until=end)
    organisation.quiet_from, organisation.quiet_until = start, end


def change_opening_hours(*, organisation: Organisation, opens: time, closes: time) -> None:
    """When the line answers, by local clocks, over midnight if need be; day and night, when both are the same."""
    Organisation.objects.filter(pk=organisation.pk).update(opens=opens, closes=closes)
    organisation.opens, organisation.closes = opens, closes
