"""What a line costs, from a price file (`prices.toml`, which says what stands in it). Pure; money is `Decimal`, in EUR
where it is a bill and in cents where it is a minute."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberType

from quartier.lib import phone

SHIPPED = Path(__file__).with_name("prices.toml")
CENT = Decimal("0.01")
# A month that has begun is paid.
MONTH_DAYS = 30
ELSEWHERE = "other"


class BadPrices(ValueError):
    """This is no price file; the message says where it is wrong."""


@dataclass(frozen=True)
class Rate:
    """Cents a minute."""

    landline: Decimal
    mobile: Decimal

    def mixed(self, mobile: Decimal) -> Decimal:
        """For calls of which this share (0 to 1) is to or from mobiles."""
        return self.mobile * mobile + self.landline * (1 - mobile)


@dataclass(frozen=True)
class Carrier:
    """One class of contracts. `outgoing` by country (ISO 3166), and `other`."""

    key: str
    name: str
    number_month: Decimal
    seat_month: Decimal
    incoming: Rate
    outgoing: Mapping[str, Rate]
    counted_by_s: int = 1

    def rate_to(self, country: str) -> Rate:
        return self.outgoing.get(country) or self.outgoing[ELSEWHERE]


@dataclass(frozen=True)
class Prices:
    """A price file. `dated`: when somebody looked at it last; `vat` in percent."""

    dated: date
    country: str
    vat: Decimal
    server_month: Decimal
    usual: Carrier
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a line does: the model case is the spring of 2020 (1,200 calls in 15 days).

    talk_min, wait_min   of a call, in the mean; greeting and waiting are paid like talking
    callbacks            share of the calls that are rung back instead: then the group pays for the talking
    outgoing             other calls that go out (check-ins, volunteer and person helped through the line), each of
                         `outgoing_min`
    mobile               share of all numbers that are mobiles
    seats                operators there at the same time
    """

    calls: int = 1200
    days: int = 15
    talk_min: Decimal = Decimal(4)
    wait_min: Decimal = Decimal("0.75")
    callbacks: Decimal = Decimal("0.1")
    outgoing: int = 150
    outgoing_min: Decimal = Decimal(3)
    mobile: Decimal = Decimal("0.6")
    seats: int = 10

    def __post_init__(self) -> None:
        for each in fields(self):
            value = Decimal(getattr(self, each.name))
            if not value.is_finite() or value < 0:
                raise ValueError(f"{each.name}: not below 0")
        if self.callbacks > 1 or self.mobile > 1:
            raise ValueError("callbacks, mobile: a share is not above 1")


@dataclass(frozen=True)
class Bill:
    """What a case costs with a carrier, in EUR without tax; minutes as they are counted."""

    carrier: Carrier
    number: Decimal
    seats: Decimal
    server: Decimal
    incoming: Decimal
    incoming_min: Decimal
    called_back: Decimal
    called_back_min: Decimal
    outgoing: Decimal
    outgoing_min: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.number + self.seats + self.server + self.incoming + self.called_back + self.outgoing

    @property
    def with_tax(self) -> Decimal:
        return _euros(self.total * (100 + self.vat) / 100)


def bill(case: Case, carrier: Carrier, prices: Prices) -> Bill:
    """What this case costs with this carrier."""
    months = -(-case.days // MONTH_DAYS)
    # A call is rounded up by half of what is counted at once, in the mean.
    more = Decimal(carrier.counted_by_s) / 2 / 60
    back = Decimal(case.calls) * case.callbacks
    came_in = Decimal(case.calls) * (case.wait_min + more) + (case.calls - back) * case.talk_min
    rung_back = back * (case.talk_min + more)
    went_out = case.outgoing * (case.outgoing_min + more)
    at_home = carrier.rate_to(prices.country).mixed(case.mobile)
    # On rented seats nobody needs a machine for the line.
    server = Decimal(0) if carrier.seat_month else prices.server_month
    return Bill(
        carrier=carrier,
        number=_euros(months * carrier.number_month),
        seats=_euros(months * case.seats * carrier.seat_month),
        server=_euros(months * server),
        incoming=_euros(came_in * carrier.incoming.mixed(case.mobile) / 100),
        incoming_min=came_in,
        called_back=_euros(rung_back * at_home / 100),
        called_back_min=rung_back,
        outgoing=_euros(went_out * at_home / 100),
        outgoing_min=went_out,
        vat=prices.vat,
    )


def cents_per_minute(e164: str, prices: Prices | None = None) -> Decimal:
    """What a minute to this number costs with the usual carrier. What is no number costs as much as the dearest."""
    known = prices or shipped()
    carrier = known.usual
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return max(max(rate.landline, rate.mobile) for rate in carrier.outgoing.values())
    if phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE:
        return Decimal(0)
    country = phonenumbers.region_code_for_number(parsed)
    if country is None:
        country = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    rate = carrier.rate_to(country)
    return rate.mobile if phone.is_mobile(e164) else rate.landline


def by_kind(country: str, prices: Prices | None = None) -> dict[str, float]:
    """Cents a minute by `rules.destination`, for a line in `country`. Elsewhere is counted as the dearest country, also
    where one is cheaper in the file that ships: it is an estimate. In a file of the group's own each has its price."""
    known = prices or shipped()
    carrier = known.usual
    home = carrier.rate_to(country)
    dearest = max(
        max(rate.landline, rate.mobile) for place, rate in carrier.outgoing.items() if place != country
    )
    named = {} if known is shipped() else {k: v for k, v in carrier.outgoing.items() if k != ELSEWHERE}
    return {
        **{f"{place}.l": float(rate.landline) for place, rate in named.items()},
        **{f"{place}.m": float(rate.mobile) for place, rate in named.items()},
        "free": 0.0,
        "landline": float(home.landline),
        "mobile": float(home.mobile),
        "abroad": float(dearest),
    }


@cache
def shipped() -> Prices:
    """The prices that come with the project."""
    return read(SHIPPED.read_text(encoding="utf-8"))


def load(folder: Path | None = None) -> Prices:
    """The group's own `prices.toml` in the folder of its line, or the shipped one. Raises `BadPrices`, `OSError`."""
    own = folder / "prices.toml" if folder else None
    if own is None or not own.exists():
        return shipped()
    return read(own.read_text(encoding="utf-8"))


def read(text: str) -> Prices:
    """A price file. Raises `BadPrices`."""
    try:
        written = tomllib.loads(text)
        carriers = tuple(_carrier(key, each) for key, each in written["carriers"].items())
        dated = written["dated"]
        if not isinstance(dated, date):
            raise BadPrices("dated: a date, such as 2026-11-26")
        return Prices(
            dated=dated,
            country=str(written["country"]),
            vat=_amount(written, "vat"),
            server_month=_amount(written, "server_month"),
            usual=next(each for each in carriers if each.key == written["usual"]),
            carriers=carriers,
        )
    except StopIteration:
        raise BadPrices("usual: one of the carriers") from None
    except KeyError as error:
        raise BadPrices(f"{error.args[0]}: missing") from None
    except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        raise BadPrices(str(error)) from None


def _carrier(key: str, written: Mapping[str, Any]) -> Carrier:
    outgoing = {place: _rate(rate, "landline", "mobile") for place, rate in written["outgoing"].items()}
    if ELSEWHERE not in outgoing:
        raise BadPrices(f"{key}: outgoing.{ELSEWHERE} is missing")
    counted = written.get("counted_by_s", 1)
    if not isinstance(counted, int) or counted < 1:
        raise BadPrices(f"{key}: counted_by_s is a number of seconds")
    return Carrier(
        key=key,
        name=str(written["name"]),
        number_month=_amount(written, "number_month"),
        seat_month=_amount(written, "seat_month"),
        incoming=_rate(written, "incoming_landline", "incoming_mobile"),
        outgoing=outgoing,
        counted_by_s=counted,
    )


def _rate(written: Mapping[str, Any], landline: str, mobile: str) -> Rate:
    return Rate(_amount(written, landline), _amount(written, mobile))


def _amount(written: Mapping[str, Any], name: str) -> Decimal:
    """In quotes in the file: a price is no floating-point number."""
    try:
        amount = Decimal(str(written[name]))
    except InvalidOperation:
        raise BadPrices(f"{name}: {written[name]!r} is no amount") from None
    if not amount.is_finite() or amount < 0:
        raise BadPrices(f"{name}: not below 0")
    return amount


def _euros(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
