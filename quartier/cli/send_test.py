"""`quartier send-test ADDRESS`: sends a message and says what came of it, before anybody relies on it."""

import argparse
import sys
from typing import TYPE_CHECKING

from quartier.cli import no_installation, terminal_language

if TYPE_CHECKING:
    from quartier.messaging.trial import Trial
    from quartier.people.models import Person
    from quartier.team.models import Organisation

# How long a call rings and is read; a report on a text comes within seconds, or much later.
CALL_S, REPORT_S = 90, 20


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("send-test", help="send a message to yourself, and say whether it arrived")
    parser.add_argument("address", help="your mail address or phone number")
    parser.add_argument(
        "--by",
        choices=["mail", "text", "call", "push"],
        help="default: mail to an address, a text to a mobile, a call to another number",
    )
    parser.add_argument("--wait", type=float, metavar="SECONDS", help="for word of what became of it")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1: by one of the ways nothing arrived; which, and why, is said."""
    if no_installation():
        return 2
    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.team.models import Organisation

        organisation = Organisation.objects.order_by("created_at").first()
        if organisation is None:
            return _no(_("There is no organisation."))
        return _send(args, organisation)


def _send(args: argparse.Namespace, organisation: "Organisation") -> int:
    from django.utils.translation import gettext as _

    from quartier.lib import phone
    from quartier.messaging import trial

    address = args.address.strip()
    number = ""
    if "@" not in address:
        try:
            number = phone.parse(address, organisation.country)
        except phone.NotANumber:
            return _no(_("{address} is not an email address or a phone number.").format(address=args.address))
    by = args.by or ("mail" if not number else "text" if phone.is_mobile(number) else "call")
    wait = args.wait if args.wait is not None else CALL_S if by == "call" else REPORT_S
    if by == "push":
        people = _known(organisation, number, address)
        if not people:
            return _no(_("No one signs in with {address}.").format(address=args.address))
        found = [each for person in people for each in trial.by_push(person, 0)]
    elif (by == "mail") == bool(number):
        return _no(
            _("An email needs an email address.") if number else _("A text or a call needs a phone number.")
        )
    elif by == "mail":
        found = trial.by_mail(organisation, address, 0)
    elif by == "text":
        found = trial.by_text(organisation, number, wait)
    else:
        found = _call(organisation, number, wait)
    return _say(found, args.address, is_call=by == "call")


def _known(organisation: "Organisation", number: str, address: str) -> "list[Person]":
    from quartier.people import queries

    return queries.to_sign_in(organisation, phone=number, email="" if number else address)


def _call(organisation: "Organisation", number: str, wait: float) -> "list[Trial]":
    from quartier.intake import reading
    from quartier.messaging import trial

    def step() -> None:
        reading.hand_over()
        reading.bring_back()

    return trial.by_call(organisation, number, wait, step)


def _say(found: "list[Trial]", address: str, *, is_call: bool) -> int:
    from django.utils.translation import gettext as _

    from quartier.messaging.trial import Result

    arrived = True
    for each in found:
        if each.result == Result.ARRIVED:
            print(
                _("{provider}: it has arrived at {address}.").format(provider=each.provider, address=address)
            )
        elif each.result == Result.FAILED:
            arrived = False
            print(
                _("{provider}: nothing arrived at {address}: {why}").format(
                    provider=each.provider, address=address, why=each.why
                )
            )
        elif is_call:
            arrived = False
            print(
                _("{provider}: no one has heard it at {address} yet.").format(
                    provider=each.provider, address=address
                )
            )
        else:
            print(
                _(
                    "{provider}: it was accepted for {address}. Look whether it is there: no one has said so yet."
                ).format(provider=each.provider, address=address)
            )
    return 0 if arrived and found else 1


def _no(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
