"""`quartier audit verify` as it is typed."""

import argparse
import json

import pytest

from quartier.audit import actions
from quartier.audit.models import Head
from quartier.cli import audit
from quartier.lib.ids import uuid7

HERE = uuid7()


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    audit.register(parser.add_subparsers())
    args = parser.parse_args(words)
    return args.handler(args)


@pytest.mark.django_db
def test_it_tells_and_ends_with_one_when_something_is_wrong(capsys):
    actions.record(organisation_id=HERE, verb="address_seen", subject_kind="person", subject_id=uuid7())
    actions.seal()
    assert main(["audit", "verify"]) == 0
    assert "Nothing was changed." in capsys.readouterr().out
    Head.objects.update(number=9)
    assert main(["audit", "verify", "--json", "--organisation", str(HERE)]) == 1
    assert json.loads(capsys.readouterr().out)["problems"]
