"""`quartier audit verify`."""

import json

import pytest

from quartier.__main__ import main
from quartier.audit import actions
from quartier.audit.models import Head


@pytest.mark.django_db
def test_the_command_tells_and_ends_with_one_when_something_is_wrong(organisation, capsys):
    actions.record(organisation_id=organisation.id, verb="case.look", subject_kind="case")
    actions.seal()
    assert main(["audit", "verify"]) == 0
    assert "Nothing was changed." in capsys.readouterr().out
    Head.objects.update(number=9)
    assert main(["audit", "verify", "--json", "--organisation", str(organisation.id)]) == 1
    assert json.loads(capsys.readouterr().out)["problems"]
