"""Five questions, and an installation that works; nothing is ever overwritten."""

import stat
import tomllib

import pytest

from quartier.cli.init import questions

FLAGS = ("--organisation", 'Quartier "Ixelles" \\ Nord', "--languages", "fr,nl", "--country", "be")


def test_an_installation_is_made_from_flags(quartier, tmp_path):
    made = quartier("init", *FLAGS, "--phone", "none", "--sender", "sara@example.org")
    assert made.returncode == 0, made.stderr
    file = tmp_path / "home" / "quartier.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = tomllib.loads(file.read_text())
    assert len(written["secret_key"]) > 40
    assert written["mail_sender"] == "sara@example.org"
    assert "sara@example.org" in made.stdout
    before = file.read_text()
    again = quartier("init", *FLAGS, "--phone", "none", "--sender", "other@example.org")
    assert again.returncode == 1
    assert "Nothing was changed" in again.stderr
    assert file.read_text() == before
    code = quartier("code", "sara@example.org")
    assert code.returncode == 0
    assert code.stdout[:6].isdigit()
    assert quartier("code", "nobody@example.org").returncode == 1


def test_two_installations_have_different_keys(quartier, tmp_path, installed):
    first = tomllib.loads((installed / "quartier.toml").read_text())
    other = quartier(
        "init", *FLAGS, "--phone", "none", "--sender", "s@example.org", QUARTIER_HOME=str(tmp_path / "other")
    )
    assert other.returncode == 0, other.stderr
    second = tomllib.loads((tmp_path / "other" / "quartier.toml").read_text())
    for key in ("secret_key", "field_keys", "index_key"):
        assert first[key] != second[key]


def test_without_its_file_a_database_is_not_taken_over(quartier, installed):
    (installed / "quartier.toml").unlink()
    again = quartier("init", *FLAGS, "--phone", "none", "--sender", "sara@example.org")
    assert again.returncode == 1
    assert "backup" in again.stderr
    assert not (installed / "quartier.toml").exists()


def test_questions_are_asked_in_the_language_of_the_terminal_until_the_answer_makes_sense(quartier, tmp_path):
    typed = "\nBuurthulp Gent\nnl,xx\nnl\n\n12\n09 000\nnone\nsara\nsara@example.org\n"
    made = quartier("init", typed=typed, LANG="nl_BE.UTF-8")
    assert made.returncode == 0, made.stderr
    # Five questions, and four answers that made no sense.
    assert made.stdout.count("> ") == 10
    assert "What is" not in made.stdout
    assert (tmp_path / "home" / "quartier.toml").exists()


def test_nobody_at_the_keyboard(quartier, tmp_path):
    made = quartier("init", *FLAGS)
    assert made.returncode == 2
    assert "--phone" in made.stderr
    assert not (tmp_path / "home" / "quartier.toml").exists()


def test_a_database_that_does_not_answer_leaves_nothing_behind(quartier, tmp_path):
    made = quartier(
        "init", *FLAGS, "--phone", "none", "--sender", "sara@example.org",
        "--database", "postgresql://nobody:x@127.0.0.1:9/none",
    )  # fmt: skip
    assert made.returncode == 1
    assert "does not answer" in made.stderr
    assert not (tmp_path / "home" / "quartier.toml").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("organisation", "   "),
        ("languages", "fr,xx"),
        ("languages", ""),
        ("country", "Belgium"),
        ("country", "XX"),
        ("phone", "12"),
        ("phone", "+1 555"),
        ("sender", "sara"),
    ],
)
def test_a_flag_that_makes_no_sense_says_which(name, value):
    given = {
        "organisation": "Q", "languages": "fr", "country": "BE", "phone": "none", "sender": "s@example.org",
    }  # fmt: skip
    with pytest.raises(questions.Unanswered, match=f"--{name}"):
        questions.ask({**given, name: value}, "fr")


def test_numbers_are_read_as_in_the_country():
    given = {
        "organisation": "Q", "languages": "FR, de; fr", "country": "be", "phone": "02 000 14 27",
        "sender": "s@example.org",
    }  # fmt: skip
    answers = questions.ask(given, "fr")
    assert (answers.phone, answers.languages, answers.country) == ("+3220001427", ["fr", "de"], "BE")


def test_no_installation_is_said_plainly(quartier):
    for command in ("run", "check"):
        said = quartier(command)
        assert said.returncode == 2
        assert "quartier init" in said.stderr
