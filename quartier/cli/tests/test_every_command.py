"""Each command runs as a process of its own: a test in this process has Django set up for it, a newcomer has not."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from quartier import cli

# Commands that serve until they are ended, ask questions, or are the suite itself, with the test that runs each.
ELSEWHERE = {
    "run": "quartier/cli/tests/test_run.py",
    "web": "quartier/cli/tests/test_server_group.py",
    "worker": "quartier/cli/tests/test_server_group.py",
    "callcore": "tests/line/test_calls.py",
    "restore": "quartier/cli/tests/test_restore.py",
    "demo": "quartier/cli/tests/test_demo.py",
    "init": "quartier/cli/tests/test_init.py",
    "line test": "quartier/cli/tests/test_line_check.py",
    "lint": "quartier/cli/tests/test_suite.py",
    "test": "quartier/cli/tests/test_suite.py",
    "team remove": "quartier/cli/tests/test_team.py",  # of a new installation nobody can go: one heads it
    "bench": "tests/test_chaos.py",
    "send-test": "quartier/cli/tests/test_send_test.py",
}
# One real use of each of the others, and a word of what it says.
USES = {
    "audit verify": ((), ""),
    "backup": (("--to", "copies"), "copies"),
    "calibrate": ((), "too few to say"),
    "check": ((), "good"),
    "code": (("sara@example.org",), "is the code"),
    "compile": ((), ""),
    "line config": ((), "kamailio"),
    "line number": (("02 000 14 28",), "The line answers for"),
    "line cost": (("--calls", "10", "--json"), "{"),
    "manage": (("check",), "no issues"),
    "places load": ((), "table"),
    "places import": (("--country", "BE", "BE.txt"), "places new"),
    "places find": (("Ixelles",), "1050"),
    "team list": ((), "sara@example.org"),
    "team add": (("Ines", "ines@example.org", "--role", "operator"), "Ines"),
    "team role": (("sara@example.org", "--give", "supervisor"), "supervisor"),
    "team lost": (("sara@example.org",), "passkey"),
    "replay": (("spring-2020", "--scale", "0.002", "--policy", "nearest", "--json"), '"served_24h"'),
}
GEONAMES = "BE\t1050\tIxelles\tBruxelles\tBRU\t\t\t\t\t50.8333\t4.3667\t6\n"


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of each command that does something."""

    def walk(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        deeper = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
        if not deeper:
            yield words
        for each in deeper:
            for name, inner in each.choices.items():
                yield from walk(inner, (*words, name))

    yield from walk(cli.parser_of_all(), ())


COMMANDS = [" ".join(words) for words in every_command()]


def test_each_command_is_used_here_or_elsewhere():
    assert len(COMMANDS) > 15
    assert set(COMMANDS) == USES.keys() | ELSEWHERE.keys()
    root = Path(cli.__file__).parents[2]
    assert [path for path in ELSEWHERE.values() if not (root / path).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_what_it_is_for(quartier, command):
    said = quartier(*command.split(), "--help")
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()
    assert "Traceback" not in said.stderr


def test_one_real_use_of_each(quartier, installed, tmp_path):
    (tmp_path / "BE.txt").write_text(GEONAMES)
    for command, (words, word) in USES.items():
        did = quartier(*command.split(), *words)
        # `check` says what is still to be done before people come.
        assert did.returncode == (1 if command == "check" else 0), (command, did.stderr)
        assert word in did.stdout, command
        assert "Traceback" not in did.stderr, command


def test_places_found_say_everything_to_a_program(quartier, installed):
    quartier("places", "load")
    found = json.loads(quartier("places", "find", "Ixelles", "--json").stdout.splitlines()[0])
    assert found.keys() == {
        "label", "postcode", "names", "municipality", "lat", "lon", "precision", "score", "matched", "certain",
        "street", "cell",
    }  # fmt: skip


def test_without_an_installation_it_is_said_how_to_make_one(quartier):
    for command in ("places", "find", "Ixelles"), ("places", "load"):
        said = quartier(*command)
        assert said.returncode == 1
        assert "quartier init" in said.stderr
