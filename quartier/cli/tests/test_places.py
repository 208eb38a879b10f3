import argparse
import json

import pytest

from quartier.cli import places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """There is an installation: the tests' own."""
    monkeypatch.setattr("quartier.cli.no_installation", lambda: False)


def run(*words):
    parser = argparse.ArgumentParser()
    places.register(parser.add_subparsers(required=True))
    args = parser.parse_args(["places", *words])
    return args.handler(args)


def test_load_import_and_find(capsys, tmp_path):
    assert run("load") == 0
    assert "places loaded" in capsys.readouterr().out
    assert run("load") == 0
    assert "there already" in capsys.readouterr().out

    file = tmp_path / "BE.txt"
    file.write_text("BE\t1050\tIxelles\t\t\t\t\t\t\t50.82\t4.38\t4\n")
    assert run("import", "--country", "BE", str(file)) == 0
    assert "1 lines read: 0 places new, 1 moved" in capsys.readouterr().out

    assert run("find", "elsene", "--language", "nl", "--json") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["label"] == "Elsene (1050)"
    assert first["postcode"] == "1050"
    assert first["names"]["fr"] == "Ixelles"
    assert (first["lat"], first["lon"], first["precision"]) == (50.82, 4.38, "locality")
    assert first["score"] == 100
    assert first["certain"] is True

    assert run("find", "rue du Bailli, Ixelles", "--geocoder") == 0
    assert capsys.readouterr().out.startswith("Ixelles (1050), Région de Bruxelles, rue du Bailli: certain")


def test_what_goes_wrong_is_said(capsys, tmp_path):
    assert run("find", "Ixelles") == 1
    assert run("load", "--country", "XX") == 2
    assert run("import", "--country", "BE", str(tmp_path / "nowhere")) == 2
    file = tmp_path / "BE.txt"
    file.write_text("nonsense\n" * 30)
    capsys.readouterr()
    assert run("import", "--country", "BE", str(file)) == 2
    error = capsys.readouterr().err
    assert "line 1: 1 columns instead of 12" in error
    assert "and 10 more; nothing was imported" in error


def test_why_there_is_no_place_is_said(capsys):
    run("load")
    capsys.readouterr()
    assert run("find", "Chaussée de Wavre 200") == 1
    told = capsys.readouterr()
    assert "a street without a town: Chaussée de Wavre 200" in told.err
    assert "certain" not in told.out
    assert run("find", "L-1330") == 1
    assert "another country: LU" in capsys.readouterr().err
