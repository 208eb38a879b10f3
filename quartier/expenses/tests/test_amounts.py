"""Amounts as people write them, in four languages; what could mean two things is asked back, never guessed."""

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quartier.expenses import rules
from quartier.expenses.rules import BadAmount, NotAnIban, Wrong


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("12,5", 1250),
        ("12", 1200),
        (" 12,50 € ", 1250),
        ("12,50\u00a0€", 1250),
        ("€ 12,50", 1250),
        ("€12.50", 1250),
        ("12.50 EUR", 1250),
        ("EUR 12,50", 1250),
        ("12,50 euros", 1250),
        ("12 euro", 1200),
        ("12 € 50", 1250),
        ("12€05", 1205),
        ("60,- €", 6000),
        ("€ 60,-", 6000),
        ("60,--", 6000),
        ("60.–", 6000),
        ("60.-", 6000),
        ("1.234,-", 123400),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1'234.50", 123450),
        ("1 234,50", 123450),
        ("0,01", 1),
        ("１２，５０", 1250),
        ("007", 700),
    ],
)
def test_amounts_that_are_read(text, cents):
    assert rules.parse_amount(text) == cents


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Wrong.EMPTY),
        ("€", Wrong.EMPTY),
        ("\u200b", Wrong.UNREADABLE),
        ("douze", Wrong.UNREADABLE),
        ("30 $", Wrong.CURRENCY),
        ("$30", Wrong.CURRENCY),
        ("£3", Wrong.CURRENCY),
        ("30 CHF", Wrong.CURRENCY),
        ("30 USD", Wrong.CURRENCY),
        ("1250 ct", Wrong.CURRENCY),
        ("12 dollars", Wrong.CURRENCY),
        ("0", Wrong.NOT_ABOVE_ZERO),
        ("0,00", Wrong.NOT_ABOVE_ZERO),
        ("-12,50", Wrong.NOT_ABOVE_ZERO),
        ("−5", Wrong.NOT_ABOVE_ZERO),
        ("12,505", Wrong.DECIMALS),
        ("1.234", Wrong.DECIMALS),
        ("1.234.567,5", Wrong.TOO_MUCH),
        ("1.234,5.0", Wrong.UNREADABLE),
        ("12,50,00", Wrong.UNREADABLE),
        ("12-50", Wrong.UNREADABLE),
        ("12+1", Wrong.UNREADABLE),
        ("1e3", Wrong.UNREADABLE),
        ("٣٠", Wrong.UNREADABLE),
        ("999999999", Wrong.TOO_MUCH),
        ("9" * 5000, Wrong.UNREADABLE),
        ("NaN", Wrong.UNREADABLE),
        ("Infinity", Wrong.UNREADABLE),
    ],
)
def test_amounts_that_are_not(text, why):
    with pytest.raises(BadAmount) as caught:
        rules.parse_amount(text)
    assert caught.value.why == why


@given(st.text(max_size=40))
@example("\x00")
@example("½")
@example("1\u20503")
def test_any_words_give_an_amount_or_a_reason(text):
    with contextlib.suppress(BadAmount):
        assert 0 < rules.parse_amount(text) <= rules.MOST_CENTS


@given(st.integers(1, rules.MOST_CENTS), st.sampled_from(["fr", "nl", "de", "en"]))
def test_what_we_write_we_read(cents, language):
    from django.utils import translation

    from quartier.look.rules import euros, money

    with translation.override(language):
        assert rules.parse_amount(money(cents)) == cents
        if cents < 100_000:  # "1.234 €" could be read in two ways, and is not
            assert rules.parse_amount(euros(cents)) == cents


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "1\u00a0234,50\u00a0€"),
        ("nl", "€\u00a01.234,50"),
        ("de", "1.234,50\u00a0€"),
        ("en", "€1,234.50"),
    ],
)
def test_amounts_are_written_as_in_each_language(language, said):
    from django.utils import translation

    from quartier.look.rules import euros, money

    with translation.override(language):
        assert money(123450) == said
        assert euros(3000) == said.replace("1\u00a0234", "30").replace("1.234", "30").replace(
            "1,234", "30"
        ).replace(",50", "").replace(".50", "")


def test_the_caps_say_what_is_left():
    rules.check_caps(1000, 0, 0, visit_cap=3000, week_cap=6000)
    with pytest.raises(rules.OverCap) as caught:
        rules.check_caps(3001, 0, 0, visit_cap=3000, week_cap=6000)
    assert (caught.value.per, caught.value.left) == ("visit", 3000)
    with pytest.raises(rules.OverCap) as caught:
        rules.check_caps(2500, 0, 4000, visit_cap=3000, week_cap=6000)
    assert (caught.value.per, caught.value.left) == ("week", 2000)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_word_and_a_number_never_four_digits(language):
    for _ in range(50):
        word = rules.agreement_word(language, "tulipe")
        assert not word.startswith("tulipe ")
        name, digits = word.split()
        assert name.isalpha()
        assert len(digits) == 2
        assert rules.same_word(f"  {name.upper()}{digits}. ", word)
        assert not rules.same_word(name, word)
    assert not rules.same_word("", "")


@pytest.mark.parametrize(
    "text", ["BE71 0961 2345 6769", "be71096123456769", "DE89 3704 0044 0532 0130 00", "NL91ABNA0417164300"]
)
def test_accounts_that_are_read(text):
    assert rules.iban(text) == text.replace(" ", "").upper()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BE71 0961 2345 6760",
        "BE71",
        "4111 1111 1111 1111",
        "US12345678901234",
        "BE71 0961 2345 6769 0",
        "1234",
    ],
)
def test_accounts_that_are_not(text):
    with pytest.raises(NotAnIban):
        rules.iban(text)
