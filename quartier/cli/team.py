"""`quartier team`: who is of the team, for whoever runs the machine: one more head, and out for who has gone."""

import argparse
import sys
from typing import TYPE_CHECKING

from quartier.cli import no_installation, terminal_language

if TYPE_CHECKING:
    from quartier.people.models import Person
    from quartier.team.models import Organisation

ROLES = ("operator", "coordinator", "admin", "supervisor")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("team", help="who is of the team: list, add, role, remove, lost")
    what = parser.add_subparsers(title="what", required=True, metavar="WHAT")
    listing = what.add_parser("list", help="everybody of the team, with their roles")
    listing.set_defaults(handler=run, act=_list)
    add = what.add_parser("add", help="somebody new, who signs in with this address")
    add.add_argument("name", help="as colleagues say it")
    add.add_argument("address", help="mail address or mobile number")
    add.add_argument(
        "--role", action="append", choices=ROLES, required=True, help="may be given several times"
    )
    add.add_argument("--host", default="", help="of which organisation (default: the first one)")
    add.set_defaults(handler=run, act=_add)
    role = what.add_parser("role", help="give or take a role")
    role.add_argument("address", help="mail address or mobile number")
    role.add_argument("--give", action="append", choices=ROLES, default=[])
    role.add_argument("--take", action="append", choices=ROLES, default=[])
    role.add_argument("--name", default="", help="whose, where several share the address")
    role.set_defaults(handler=run, act=_role)
    remove = what.add_parser("remove", help="out of the team, from this moment")
    remove.add_argument("address", help="mail address or mobile number")
    remove.add_argument("--name", default="", help="whose, where several share the address")
    remove.set_defaults(handler=run, act=_remove)
    lost = what.add_parser("lost", help="a passkey was lost: remove those of this one")
    lost.add_argument("address", help="mail address or mobile number")
    lost.add_argument("--name", default="", help="whose, where several share the address")
    lost.set_defaults(handler=run, act=_lost)


def run(args: argparse.Namespace) -> int:
    """Exit code 1: nothing was changed, and why is said."""
    if no_installation():
        return 2
    with terminal_language():
        return int(args.act(args))


def _list(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from quartier.people.models import Person
    from quartier.team.access import of_account
    from quartier.team.models import Organisation
    from quartier.team.queries import accounts_of_team

    for organisation in Organisation.objects.order_by("created_at"):
        print(organisation.name)
        for account, roles in accounts_of_team(organisation):
            person = Person.objects.filter(account=account).first()
            address = (person.email or person.phone) if person else ""
            works = "" if of_account(account).roles else f" ({_('suspended')})"
            print(f"  {account.name}  {address}  {', '.join(sorted(roles))}{works}")
    return 0


def _add(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from quartier.lib import phone
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.team import actions as team
    from quartier.team.access import system
    from quartier.team.models import Organisation

    found = Organisation.objects.filter(host=args.host) if args.host else Organisation.objects.all()
    organisation = found.order_by("created_at").first()
    if organisation is None:
        return _no(_("There is no organisation at {host}.").format(host=args.host))
    if _people_at(args.address):
        return _no(
            _("Someone already signs in with {address}: quartier team role {address} --give ROLE").format(
                address=args.address
            )
        )
    mail = args.address.strip() if "@" in args.address else ""
    try:
        number = "" if mail else phone.parse(args.address, organisation.country)
    except phone.NotANumber:
        return _no(_("{address} is not an email address or a phone number.").format(address=args.address))
    if before := _switched_off(organisation, args.name, number, mail):
        return _take_back(before, args.role)
    who = Who(
        args.name,
        phone=number,
        email=mail,
        language=organisation.languages[0],
        channel="email" if mail else "text",
    )
    account = people.create_account(organisation=organisation, who=who, roles=[])
    for name in args.role:
        team.take_into_team(actor=system(organisation), account=account, name=name)
    return _says(account.name, args.role)


def _switched_off(organisation: "Organisation", name: str, number: str, mail: str) -> "Person | None":
    """Who was of the team, or a volunteer, by this name and number or address, and can sign in no more."""
    from quartier.people import own_way, queries

    found = queries.switched_off(organisation, phone=number, email=mail)
    return next((each for each in found if own_way.is_same_name(each.name, name)), None)


def _take_back(person: "Person", names: list[str]) -> int:
    """The account that they had works again, with these roles: no second file of the same person."""
    from django.utils.translation import gettext as _

    from quartier.team import actions as team
    from quartier.team.access import system
    from quartier.team.models import Role

    assert person.account is not None
    if _is_stopped(person):
        return 1
    for name in names:
        team.take_into_team(actor=system(person.organisation), account=person.account, name=name)
    held = Role.objects.filter(account=person.account).order_by("name").values_list("name", flat=True)
    print(_("{name} was here before: the account of then works again.").format(name=person.account.name))
    return _says(person.account.name, list(held))


def _is_stopped(person: "Person") -> bool:
    """Whether they are suspended, and a role would do nothing; then that is said."""
    from django.utils.translation import gettext as _

    from quartier.team.access import is_suspended

    if person.account is None or not is_suspended(person.account):
        return False
    words = _("{name} is suspended. A coordinator lifts that first, on their page under “Volunteers”.")
    _no(words.format(name=person.name))
    return True


def _role(args: argparse.Namespace) -> int:
    from django.db import transaction

    from quartier.team import actions as team
    from quartier.team.access import system
    from quartier.team.models import Role

    person = _one(args, with_gone=bool(args.give))
    if person is None or person.account is None or (args.give and _is_stopped(person)):
        return 1
    actor = system(person.organisation)
    with transaction.atomic():
        for name in args.give:
            team.take_into_team(actor=actor, account=person.account, name=name)
        if not _take(person, args.take):
            transaction.set_rollback(True)
            return 1
    held = Role.objects.filter(account=person.account).order_by("name").values_list("name", flat=True)
    return _says(person.account.name, list(held))


def _remove(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    person = _one(args)
    if person is None or not _take(person, list(ROLES)):
        return 1
    print(_("{name} is no longer in the team, and signed out everywhere.").format(name=person.name))
    return 0


def _lost(args: argparse.Namespace) -> int:
    from django.utils.translation import gettext as _

    from quartier.team import actions as team
    from quartier.team.models import Passkey
    from quartier.team.sessions import end_sessions

    person = _one(args)
    if person is None or person.account is None:
        return 1
    for key in Passkey.objects.filter(account=person.account).values_list("pk", flat=True):
        team.remove_passkey(account=person.account, passkey_id=key)
    end_sessions(person.account)
    print(_("{name} no longer has a passkey, and is signed out everywhere.").format(name=person.name))
    return 0


def _take(person: "Person", names: list[str]) -> bool:
    """Take these roles, and whoever is on the line off it. False, and nothing changed, where nobody would head the
    group any more."""
    from django.utils.translation import gettext as _

    from quartier.team import actions as team
    from quartier.team.access import TEAM, of_account, system
    from quartier.telephony.actions import shifts

    assert person.account is not None
    if not names:
        return True
    actor = of_account(person.account)
    try:
        team.take_roles(actor=system(person.organisation), account=person.account, names=names)
    except team.NobodyHeads:
        _no(_("{name} is the only administrator. Make someone else one first.").format(name=person.name))
        return False
    if not of_account(person.account).has(*TEAM):
        shifts.end_shift(actor)
    return True


def _people_at(address: str, *, with_gone: bool = False) -> "list[Person]":
    """Whose account this mail address or number opens, of the first organisation that knows it; `with_gone`: where it
    opens none, those that it opened before they were switched off."""
    from quartier.lib import phone
    from quartier.people import queries
    from quartier.team.models import Organisation

    for organisation in Organisation.objects.order_by("created_at"):
        number = ""
        if "@" not in address:
            try:
                number = phone.parse(address, organisation.country)
            except phone.NotANumber:
                continue
        mail = "" if number else address.strip()
        found = queries.to_sign_in(organisation, phone=number, email=mail)
        if not found and with_gone:
            found = queries.switched_off(organisation, phone=number, email=mail)
        if found:
            return found
    return []


def _one(args: argparse.Namespace, *, with_gone: bool = False) -> "Person | None":
    """The one that is meant; `None`, and why is said, where it is nobody or could be several."""
    from django.utils.translation import gettext as _

    found = _people_at(args.address, with_gone=with_gone)
    if args.name:
        found = [each for each in found if each.name == args.name]
    if len(found) == 1:
        return found[0]
    if found:
        _no(
            _("Several people sign in with {address}: {names}. Say whom with --name.").format(
                address=args.address, names=", ".join(each.name for each in found)
            )
        )
    else:
        _no(_("No one signs in with {address}.").format(address=args.address))
    return None


def _says(name: str, roles: list[str]) -> int:
    print(f"{name}: {', '.join(sorted(roles)) or '-'}")
    return 0


def _no(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
