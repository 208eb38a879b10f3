"""`quartier audit verify`: proves that nobody has changed the audit."""

import argparse
import json
from typing import Any
from uuid import UUID


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("audit", help="prove that nobody has changed the audit")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="check every seal; exit code 1 when something is wrong")
    verify.add_argument("--organisation", type=UUID, help="only this one")
    verify.add_argument("--json", action="store_true", help="one line of JSON for each organisation")
    verify.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong for each organisation, and the last seal, to be written down elsewhere."""
    import django

    django.setup()
    from quartier.audit import queries

    wrong = False
    for organisation_id in [args.organisation] if args.organisation else queries.organisations():
        problems = queries.verify(organisation_id)
        number, digest = queries.head(organisation_id)
        wrong |= bool(problems)
        found = {"organisation": str(organisation_id), "seals": number, "head": digest, "problems": problems}
        print(json.dumps(found) if args.json else _in_words(found))
    return int(wrong)


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{found['organisation']}: {found['seals']} seals, the last one {found['head'] or 'none'}"]
    lines += [f"  {problem}" for problem in found["problems"]] or ["  Nothing was changed."]
    return "\n".join(lines)
