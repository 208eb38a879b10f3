"""`quartier test` and `quartier lint`: everything that is checked about the project itself. Only a checkout has it."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    if not (ROOT / "tests").is_dir():
        return
    # Before what is installed: one of our dependencies brings a package `tests` of its own.
    sys.path.insert(0, str(ROOT))
    lint = commands.add_parser("lint", help="the fast checks: style, types, layers, catalogues")
    lint.set_defaults(handler=run_lint)
    test = commands.add_parser("test", help="all checks and tests, on both databases")
    test.set_defaults(handler=run_test)


def run_lint(args: argparse.Namespace) -> int:
    """Exit code 1 when a check fails."""
    from quartier.cli.suite import checks

    return int(not all(checks.run()))


def run_test(args: argparse.Namespace) -> int:
    """Exit code 1 when anything fails; in CI also when anything was left out."""
    from quartier.cli.suite import checks, packages, runs

    missing = packages.prepare()
    checked = checks.run()
    told = runs.run(missing)
    told.wrong += [name for (name, _), well in zip(checks.CHECKS, checked, strict=True) if not well]
    passed, failed = told.passed + sum(checked), told.failed + checked.count(False)
    print()
    for words in told.left_out:
        print(f"Left out: {words}")
    for words in told.unsteady:
        print(f"Unsteady: {words}")
    # At the very end, where a record that keeps only the end of a long output still has it.
    for words in told.wrong:
        print(f"Failed: {words}")
    print(f"{passed} passed, {failed} failed, {told.skipped} skipped", flush=True)
    sys.stderr.flush()
    return int(bool(failed))
