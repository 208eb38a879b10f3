"""`quartier calibrate` on an installation: what it prints, and the file that it writes."""

import json
import tomllib

from quartier.sim import behaviour

OURS = tomllib.loads(behaviour.FILE.read_text())


def test_without_history_everything_is_kept_and_said_so(quartier, installed, tmp_path):
    file = tmp_path / "here.toml"
    said = quartier("calibrate", "--write", str(file))
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert "answering.ready_b: kept, too few to say (0)" in lines
    assert all("kept, too few" in line for line in lines)
    assert behaviour.read(file.read_text()) == OURS
    # Written with the file of before, it is the same again.
    again = quartier("calibrate", "--behaviour", str(file), "--json")
    found = json.loads(again.stdout)
    assert {each["parameter"] for each in found} >= {
        "answering.distance_m",
        "visiting.no_show",
        "asking.kinds",
    }
    assert all(each["kept"] and each["low"] is None for each in found)
    # The matcher of this installation can be told to go by it.
    checked = quartier("check", "--json", QUARTIER_BEHAVIOUR=str(file))
    assert "Traceback" not in checked.stderr


def test_what_is_wrong_is_said_in_words(quartier, installed, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("[answering]\n")
    for words in (("--behaviour", str(broken)), ("--behaviour", str(tmp_path / "none.toml"))):
        said = quartier("calibrate", *words)
        assert said.returncode == 1
        assert "is not a behaviour file" in said.stderr
        assert "Traceback" not in said.stderr
    said = quartier("calibrate", "--organisation", "00000000-0000-0000-0000-000000000000")
    assert (said.returncode, said.stdout) == (1, "")
    assert "no such organisation" in said.stderr


def test_without_an_installation_it_says_how_to_make_one(quartier):
    said = quartier("calibrate")
    assert said.returncode == 2
    assert "quartier init" in said.stderr


def test_a_crisis_is_played_with_the_people_of_another_file(quartier, tmp_path):
    def played(*words):
        said = quartier(
            "replay", "day", "--mode", "fast", "--json", "--requests", "40", "--volunteers", "2000", *words
        )
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout)

    ours, file = behaviour.FILE.read_text(), tmp_path / "other.toml"
    file.write_text(ours)
    usual = played()
    assert played("--behaviour", str(file)) == usual
    # Nobody is ready to help: the same day, and nobody comes.
    file.write_text(ours.replace("ready_b = 7.0", "ready_b = 100000.0"))
    assert played("--behaviour", str(file))["served_24h"] < usual["served_24h"] / 2
    refused = quartier("replay", "day", "--behaviour", str(tmp_path / "nothing.toml"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "nothing.toml" in refused.stderr
