"""`quartier line test`: dials the line of this machine and says in plain words what is wrong, and what to do."""

import argparse
import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from quartier.cli import no_installation, terminal_language

if TYPE_CHECKING:
    from quartier.cli.check.finding import Finding
    from quartier.cli.line.check.call import Measured


def register(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser("test", help="dial the line of this machine, and say what is wrong")
    parser.add_argument(
        "--browser",
        action="store_true",
        help="an operator answers too: a browser without a window, with an account made for the test and removed after",
    )
    parser.add_argument(
        "--anyway",
        action="store_true",
        help="ring the line although operators are on it: they are rung too",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0: the line works. 1: something must be done. 2: there is no installation."""
    if no_installation():
        return 2
    with terminal_language():
        from quartier.cli.line.check import every

        findings, measured = asyncio.run(every.test(browser=args.browser, anyway=args.anyway))
        wrong = [each for each in findings if each.level == "wrong"]
        if args.json:
            told = {"ok": not wrong, **asdict(measured), "findings": [asdict(each) for each in findings]}
            print(json.dumps(told, ensure_ascii=False))
        else:
            print("\n".join(_lines(findings, measured, browser=args.browser)))
    return int(bool(wrong))


def _lines(findings: "list[Finding]", measured: "Measured", *, browser: bool) -> list[str]:
    from django.utils.translation import gettext as _

    marks = {"wrong": _("WRONG"), "doubt": _("LOOK"), "good": _("good")}
    width = max(map(len, marks.values()))
    said = []
    for finding in sorted(findings, key=lambda each: list(marks).index(each.level)):
        said.append(f"{marks[finding.level]:<{width}}  {finding.words}")
        if finding.todo:
            said.append(f"{'':<{width}}  → {finding.todo}")
    said.append("")
    wrong = sum(each.level == "wrong" for each in findings)
    if wrong:
        said.append(_("The line does not work yet. Problems to fix: {count}.").format(count=wrong))
    elif measured.audio_to_caller:
        said.append(_("The line works: a caller and an operator heard each other."))
    elif measured.answered_ms is not None and browser:
        said.append(_("The line answers. No operator was tried; the lines above say why."))
    elif measured.answered_ms is not None:
        said.append(_("The line answers. With --browser an operator is tried too."))
    return said
