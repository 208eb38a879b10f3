"""`quartier check`: what is wrong with an installation, before its users find out, and what to do about it."""

import argparse
import json
from dataclasses import asdict

from quartier.cli import no_installation, terminal_language, terminal_words
from quartier.cli.check.finding import wrong as wrong_finding
from quartier.config import faults
from quartier.config.toml_file import Fault


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("check", help="say what is wrong with the installation, and what to do")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=run, names_faults=True)


def run(args: argparse.Namespace) -> int:
    """Exit code 0: ready for people. 1: something must be done first. 2: there is no installation."""
    if stopped := [each for each in faults.of() if each.stops]:
        return _say_stopped(stopped, as_json=args.json)
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
            print(_("Not ready to go live. Problems to fix: {count}.").format(count=len(wrong)))
        elif doubts:
            print(_("Ready to go live. Worth a look: {count}.").format(count=len(doubts)))
        else:
            print(_("Ready to go live."))
    return int(bool(wrong))


def _say_stopped(found: list[Fault], *, as_json: bool) -> int:
    """With such a file nothing else can be looked at: Django cannot be set up, or with keys that are none."""
    translate = terminal_words()
    findings = [wrong_finding("settings", each.said(translate), each.to_do(translate)) for each in found]
    if as_json:
        print(json.dumps({"ok": False, "findings": [asdict(each) for each in findings]}, ensure_ascii=False))
        return 1
    mark = translate(faults.WRONG_MARK)
    for finding in findings:
        print(f"{mark}  {finding.words}")
        if finding.todo:
            print(f"{'':<{len(mark)}}  → {finding.todo}")
    return 1
