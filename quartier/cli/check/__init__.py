"""`quartier check`: what is wrong with an installation, before its users find out, and what to do about it."""

import argparse
import json
from dataclasses import asdict

from quartier.cli import no_installation, terminal_language


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("check", help="say what is wrong with the installation, and what to do")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0: ready for people. 1: something must be done first. 2: there is no installation."""
    if no_installation():
        return 2
    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.cli.check import every

        findings = every.findings()
        wrong = [each for each in findings if each.level == "wrong"]
        doubts = [each for each in findings if each.level == "doubt"]
        if args.json:
            print(
                json.dumps(
                    {"ok": not wrong, "findings": [asdict(each) for each in findings]}, ensure_ascii=False
                )
            )
            return int(bool(wrong))
        marks = {"wrong": _("WRONG"), "doubt": _("LOOK"), "good": _("good")}
        width = max(map(len, marks.values()))
        for finding in sorted(findings, key=lambda each: list(marks).index(each.level)):
            print(f"{marks[finding.level]:<{width}}  {finding.words}")
            if finding.todo:
                print(f"{'':<{width}}  → {finding.todo}")
        print()
        if wrong:
            print(_("Not ready for people yet. Must be put right: {count}.").format(count=len(wrong)))
        elif doubts:
            print(_("Ready for people. Worth a look: {count}.").format(count=len(doubts)))
        else:
            print(_("Ready for people."))
    return int(bool(wrong))
