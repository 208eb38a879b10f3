"""`quartier calibrate`: how people here behave, fitted to what this installation has seen."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from quartier.sim.calibration import Fitted


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("calibrate", help="fit the simulation to this installation's own history")
    parser.add_argument("--organisation", type=UUID, help="which one, where there are several")
    parser.add_argument("--behaviour", type=Path, metavar="FILE", help="begin with this file, not with ours")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a behaviour file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Print each parameter: what it is now, or why it stays. Only counts and shares are printed, nothing of anybody."""
    from quartier.cli import no_installation, terminal_language

    if no_installation():
        return 2
    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.sim import behaviour, calibration
        from quartier.team.models import Organisation

        organisations = Organisation.objects.order_by("created_at")
        if args.organisation:
            organisations = organisations.filter(pk=args.organisation)
        organisation = organisations.first()
        if organisation is None:
            print(_("There is no such organisation here."), file=sys.stderr)
            return 1
        try:
            text = (args.behaviour or behaviour.FILE).read_text(encoding="utf-8")
            figures = behaviour.read(text)
        except (OSError, ValueError) as error:
            print(
                _("{file} is not a behaviour file: {error}").format(file=args.behaviour, error=error),
                file=sys.stderr,
            )
            return 1
        found = calibration.calibrate(organisation, figures)
        if args.write:
            fitted = sum(not each.kept for each in found)
            source = (
                f"Fitted by quartier calibrate: {fitted} of {len(found)} parameters; the rest is as it was."
            )
            args.write.write_text(calibration.written(text, found, source), encoding="utf-8")
        if args.json:
            print(json.dumps([each.plain() for each in found]))
        else:
            print("\n".join(_line(each) for each in found))
    return 0


def _line(fit: "Fitted") -> str:
    from django.utils.translation import gettext as _

    name = f"{fit.section}.{fit.name}"
    if fit.kept:
        return _("{name}: kept, too few to say ({count})").format(name=name, count=fit.count)
    if isinstance(fit.value, dict) and isinstance(fit.low, dict) and isinstance(fit.high, dict):
        low, high = fit.low, fit.high
        each = ", ".join(f"{key} {value:g} ({low[key]:g}–{high[key]:g})" for key, value in fit.value.items())
        return _("{name}: {value}, from {count}").format(name=name, value=each, count=fit.count)
    value = f"{fit.value:g} ({fit.low:g}–{fit.high:g})"
    return _("{name}: {value}, from {count}").format(name=name, value=value, count=fit.count)
