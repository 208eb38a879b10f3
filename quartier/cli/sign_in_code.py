"""`quartier code ADDRESS`: a code to sign in with, for whoever runs the machine. For the time before mail leaves."""

import argparse
import sys

from quartier.cli import no_installation, terminal_language


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("code", help="show a code to sign in with, while mail does not leave yet")
    parser.add_argument("address", help="mail address or phone number of the account")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    if no_installation():
        return 2
    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.lib import phone
        from quartier.people import actions, queries
        from quartier.team.models import Organisation

        for organisation in Organisation.objects.order_by("created_at"):
            number = ""
            if "@" not in args.address:
                try:
                    number = phone.parse(args.address, organisation.country)
                except phone.NotANumber:
                    continue
            found = queries.to_sign_in(
                organisation, phone=number, email="" if number else args.address.strip()
            )
            for person in found:
                code = actions.new_long_code(person=person).digits
                whose = f"{person.name}: " if len(found) > 1 else ""
                print(
                    whose
                    + _("{code} is the code. It works once, in any browser, for 24 hours.").format(code=code)
                )
            if found:
                return 0
        print(_("No one signs in with {address}.").format(address=args.address), file=sys.stderr)
        return 1
