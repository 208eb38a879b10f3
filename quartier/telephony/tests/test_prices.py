"""What a line costs: the bill is checked by hand, and the model case stays where it must."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quartier.telephony import prices
from quartier.telephony.prices import BadPrices, Case


def carrier(key):
    return next(each for each in prices.shipped().carriers if each.key == key)


def bill(key, **case):
    return prices.bill(Case(**case), carrier(key), prices.shipped())


def test_the_model_case_costs_less_than_50_euros_with_tax():
    paid = bill("sip_geographic")
    assert paid.with_tax < 50
    # 1,200 calls wait 45 s and a tenth is rung back; by hand: 480 min and 450 min, 60% to mobiles, 4 and 1.5 cents.
    assert paid.called_back == Decimal("14.43")
    assert paid.outgoing == Decimal("13.54")
    assert (paid.number, paid.seats, paid.server, paid.incoming) == (2, 0, 6, 0)
    assert paid.total == Decimal("35.97")
    assert paid.with_tax == Decimal("43.52")


def test_a_freephone_number_costs_several_times_that_since_every_minute_is_the_groups():
    paid = bill("sip_freephone")
    # 1,200 x 0.75 + 1,080 x 4 minutes and half a second a call, at 7.6 cents.
    assert paid.incoming_min == 5230
    assert paid.incoming == Decimal("397.48")
    assert paid.with_tax > 10 * bill("sip_geographic").with_tax


def test_seats_cost_by_the_month_however_few_calls_there_are():
    assert bill("rented_seats", calls=0, outgoing=0).total == 405
    assert bill("rented_seats", calls=0, outgoing=0, days=31, seats=3).total == 2 * (5 + 3 * 40)
    assert bill("rented_seats").server == 0


def test_a_line_that_nobody_calls_costs_its_number_and_its_machine():
    assert bill("sip_geographic", calls=0, outgoing=0).total == 8


def test_begun_minutes_are_paid_where_the_carrier_counts_so():
    by_minute = replace(carrier("sip_geographic"), counted_by_s=60)
    paid = prices.bill(Case(), by_minute, prices.shipped())
    assert paid.called_back_min == 120 * Decimal("4.5")
    assert paid.called_back > bill("sip_geographic").called_back


@pytest.mark.parametrize(
    "wrong", [{"calls": -1}, {"callbacks": Decimal("1.1")}, {"talk_min": Decimal("NaN")}]
)
def test_a_case_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        Case(**wrong)


@pytest.mark.parametrize(
    ("number", "cents"),
    [
        ("+32400000123", "4"),  # a Belgian mobile that nobody has
        ("+3220001427", "1.5"),  # Brussels, nobody either
        ("+3280030330", "0"),  # who is called pays
        ("+33199001234", "2"),  # kept for films
        ("+447700900123", "40"),
        ("+12025550123", "40"),
        ("", "40"),
        ("+", "40"),
        ("nobody", "40"),
    ],
)
def test_a_minute_to_a_number(number, cents):
    assert prices.cents_per_minute(number) == Decimal(cents)


def test_prices_by_kind_are_those_that_the_spending_cap_counts_with():
    from quartier.telephony import rules

    kinds = prices.by_kind("BE")
    assert set(kinds) == set(rules.CENTS_PER_MINUTE)
    assert rules.cents(61, "mobile", kinds) == 8
    assert kinds == {"free": 0.0, "landline": 1.5, "mobile": 4.0, "abroad": 40.0}
    for number in ("+32400000123", "+3220001427", "+3280030330"):
        assert kinds[rules.destination(number, "BE")] == float(prices.cents_per_minute(number))


def test_another_country_costs_what_the_group_has_written_and_else_as_much_as_the_dearest():
    from quartier.telephony import rules

    def cents(number, known):
        kind = rules.destination(number, "BE")
        return rules.cents(60, kind, prices.by_kind("BE", known))

    french, american = "+33612345678", "+12125550123"
    assert cents(french, prices.shipped()) == cents(american, prices.shipped()) == 40
    text = prices.SHIPPED.read_text().replace(
        'FR = { landline = "2", mobile = "5" }', 'FR = { landline = "3", mobile = "21" }'
    )
    own = prices.read(text)
    assert (cents(french, own), cents("+33140000000", own)) == (21, 3)
    assert cents(american, own) == 40
    # With the figures of the shipped file under their own name, they are the group's word.
    assert cents(french, prices.read(prices.SHIPPED.read_text())) == 5


def test_the_file_that_ships_says_what_it_is():
    shipped = prices.shipped()
    assert shipped.dated >= date(2026, 11, 26)
    assert "CHECK YOUR CONTRACT" in prices.SHIPPED.read_text()
    assert {each.key for each in shipped.carriers} >= {"sip_geographic", "sip_freephone", "rented_seats"}


def test_the_groups_own_file_wins(tmp_path):
    assert prices.load(tmp_path) == prices.load() == prices.shipped()
    text = prices.SHIPPED.read_text().replace('server_month = "6"', 'server_month = "9"')
    (tmp_path / "prices.toml").write_text(text)
    assert prices.load(tmp_path).server_month == 9


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('vat = "21"', 'vat = "much"'),
        ('vat = "21"', 'vat = "-1"'),
        ('vat = "21"', 'vat = "NaN"'),
        ('vat = "21"', ""),
        ("dated = 2026-11-26", 'dated = "autumn"'),
        ('usual = "sip_geographic"', 'usual = "nobody"'),
        ("counted_by_s = 60", "counted_by_s = 0"),
        ('other = { landline = "40", mobile = "40" }', ""),
        ('BE = { landline = "1.5", mobile = "4" }', 'BE = "cheap"'),
        ("[carriers.sip_geographic]", "[carriers.sip_geographic"),
    ],
)
def test_a_file_that_is_none_is_named_with_its_fault(before, after):
    text = prices.SHIPPED.read_text()
    assert before in text
    with pytest.raises(BadPrices, match=r"\w"):
        prices.read(text.replace(before, after))
