"""`quartier line cost`: the model case, other cases, other prices; in the words of whoever asks."""

import json

import pytest

from quartier.telephony import prices


def test_the_model_case_stays_under_50_euros_and_a_free_number_is_named_plainly(quartier):
    said = quartier("line", "cost")
    assert said.returncode == 0, said.stderr
    assert "1200 calls in 15 days; 4 minutes of talking and 0.75 of waiting each." in said.stdout
    assert "with 21% tax                        €43.52" in said.stdout
    assert "(SIP trunk, geographic number) it stays under €50.00: €43.52 with tax." in said.stdout
    assert "With a freephone number (0800) it costs €540.20: the group pays for every minute" in said.stdout
    assert "Check your contract" in said.stdout
    assert "seats" in said.stdout.split("Rented call centre")[1]
    assert "seats" not in said.stdout.split("Rented call centre")[0]


def test_another_case_as_json(quartier):
    said = quartier(
        "line", "cost", "--json", "--calls", "300", "--days", "60", "--talk", "6,5", "--wait", "0", "--callbacks", "0%",
        "--outgoing", "0", "--mobile", "100", "--seats", "2",
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["case"]["talk_min"] == "6.5"
    assert found["prices_dated"] == prices.shipped().dated.isoformat()
    bills = {each["carrier"]: each for each in found["bills"]}
    # Two months of the number and the machine, nothing else.
    assert bills["sip_geographic"]["total"] == "16.00"
    assert bills["rented_seats"]["lines"]["seats"] == "160.00"
    # 300 calls of 6.5 minutes and half a second, at 10 cents.
    assert bills["sip_freephone"]["lines"]["incoming"] == "195.25"


def test_a_dear_case_is_not_made_to_look_cheap(quartier):
    said = quartier("line", "cost", "--calls", "5000")
    assert "it costs more than €50.00" in said.stdout


def test_the_groups_own_prices_win_and_keep_their_names(quartier, tmp_path):
    text = prices.SHIPPED.read_text().replace('number_month = "2"', 'number_month = "20"')
    text = text.replace('name = "SIP trunk, geographic number"', 'name = "Our carrier"')
    folder = tmp_path / "home" / "line"
    folder.mkdir(parents=True)
    (folder / "prices.toml").write_text(text)
    said = quartier("line", "cost", LANG="fr_BE.UTF-8")
    assert "\nOur carrier\n" in said.stdout
    assert "20,00\u00a0€" in said.stdout
    named = quartier("line", "cost", "--prices", str(folder / "prices.toml"), "--json")
    assert json.loads(named.stdout)["bills"][0]["lines"]["number"] == "20.00"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr_BE.UTF-8", "appels rappelés"),
        ("nl_BE.UTF-8", "teruggebelde oproepen"),
        ("de_DE.UTF-8", "Rückrufe"),
    ],
)
def test_it_speaks_the_language_of_the_terminal(quartier, language, words):
    said = quartier("line", "cost", LANG=language)
    assert words in said.stdout
    assert "43,52" in said.stdout
    assert "calls" not in said.stdout


def test_what_is_wrong_is_said_in_words(quartier, tmp_path):
    broken = tmp_path / "prices.toml"
    broken.write_text("dated = 2026-11-26\n")
    for file in (broken, tmp_path / "none.toml"):
        said = quartier("line", "cost", "--prices", str(file))
        assert said.returncode == 2
        assert "The price file cannot be read" in said.stderr
        assert "Traceback" not in said.stderr
    for words in (
        ("--calls", "-1"),
        ("--calls", "1.5"),
        ("--mobile", "101"),
        ("--talk", "long"),
        ("--wait", "nan"),
    ):
        said = quartier("line", "cost", *words)
        assert said.returncode == 2
        assert "Traceback" not in said.stderr


def test_the_command_is_open_for_other_parts(quartier):
    assert "cost" in quartier("line", "--help").stdout
    assert quartier("line").returncode == 2
