"""`quartier line number`: shows the number that people call, or changes it, for a group that has it only now."""

import argparse
import sys

from quartier.cli import no_installation, terminal_language


def register(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser("number", help="show or change the number that people call")
    parser.add_argument("number", nargs="?", help="the new one, such as +3271000020; 'none' takes it away")
    parser.add_argument(
        "--host", default="", help="which group, where several share the installation: the name of its pages"
    )
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 for a number that is none, or a group that is not here."""
    if no_installation():
        return 2
    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.cli.init import questions
        from quartier.lib import phone
        from quartier.team import actions
        from quartier.team.models import Organisation

        groups = Organisation.objects.order_by("created_at")
        organisation = (groups.filter(host=args.host) if args.host else groups).first()
        if organisation is None:
            print(_("There is no such organisation here."), file=sys.stderr)
            return 1
        if args.number is not None:
            try:
                number = questions.phone_number(args.number, organisation.country)
            except questions.Wrong as error:
                print(error, file=sys.stderr)
                return 1
            actions.change_line_number(organisation_id=organisation.pk, number=number)
            organisation.phone = number
        if organisation.phone:
            shown = phone.display(organisation.phone, organisation.country)
            print(_("The line answers for {number}.").format(number=shown))
        else:
            print(_("The line has no number: call control does not answer for it."))
    return 0
