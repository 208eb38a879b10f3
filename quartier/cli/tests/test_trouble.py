"""What hinders a command is said in words, whatever it is."""

import json
import sqlite3

import pytest

from quartier.config import installation


def no_file(home):
    (home / "quartier.toml").rename(home / "elsewhere.toml")


def no_database(home):
    (home / "quartier.sqlite3").write_bytes(b"this is no database at all" * 1000)


def no_tables(home):
    (home / "quartier.sqlite3").unlink()


def a_table_is_missing(home):
    with sqlite3.connect(home / "quartier.sqlite3") as database:
        database.execute("DROP TABLE team_role")


def other_keys(home):
    file = home / "quartier.toml"
    words = file.read_text()
    key = next(line for line in words.splitlines() if line.startswith("field_keys"))
    file.write_text(words.replace(key, f'field_keys = ["k1:{installation.new_key()}"]'))


def older_tables(home):
    with sqlite3.connect(home / "quartier.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'team' AND name > '0012'")


def newer_tables(home):
    with sqlite3.connect(home / "quartier.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('team', '9999_later', '2027-01-01')"
        )


@pytest.mark.parametrize(
    ("plant", "code", "words", "check", "finding"),
    [
        (no_file, 2, "quartier init", 2, ""),
        (no_database, 1, "quartier check", 1, "database"),
        (no_tables, 1, "quartier check", 1, "tables"),
        (a_table_is_missing, 1, "quartier check", 1, "organisation"),
        (other_keys, 1, "from your backup", 1, "sealed"),
        (older_tables, None, "", 1, "tables"),
        (newer_tables, None, "", 1, "tables"),
    ],
)
def test_it_is_said_in_words(quartier, installed, plant, code, words, check, finding):
    plant(installed)
    did = quartier("team", "list")
    assert "Traceback" not in did.stderr
    if code is not None:
        assert (did.returncode, words in did.stderr) == (code, True), did.stderr
    looked = quartier("check", "--json")
    assert ("Traceback" in looked.stderr, looked.returncode) == (False, check), looked.stderr
    if finding:
        levels = {each["name"]: each["level"] for each in json.loads(looked.stdout)["findings"]}
        assert levels[finding] == "wrong", levels


def test_an_unknown_line_hinders_nothing_and_is_wrong(quartier, installed):
    with (installed / "quartier.toml").open("a") as file:
        file.write('orgin = "https://x.be"\n')
    did = quartier("team", "list")
    assert (did.returncode, "Did you mean origin?" in did.stderr) == (0, True)
    assert quartier("check").returncode == 1
