"""Which numbers the line may dial, and what a minute costs. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType

from quartier.lib import phone

# Where no price file can be read: cents a minute, rather too dear than too cheap.
CENTS_PER_MINUTE = {"free": 0.0, "landline": 2.0, "mobile": 10.0, "abroad": 40.0}

_DIALLED = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.TOLL_FREE,
}
# What `phonenumbers` calls the region of satellites and of networks above countries, some of which pass for mobiles.
NON_GEOGRAPHIC_REGION = "001"


@dataclass(frozen=True)
class Dial:
    """A number that may be dialled, in E.164, and the line's own that is shown. `language`: of who is rung."""

    number: str
    shows: str
    language: str = ""
    person: UUID | None = None


class MayNotDial(Exception):
    """`reason`: `no_number`, `own_number`, `demonstration`, `not_allowed` (by the list), `costly` (by its kind),
    `no_calls_out` (the line has no way out), `stopped` (the line saw a call that was not its own), `spent` (the day's
    money) or `own_spent` (that of own phones). Never says the number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Dialling:
    """What the line may dial, as `check_may_dial` takes it; read once, asked for many numbers. `calls_out`: there is a
    carrier that takes calls; `is_stopped`: nothing goes out until a person lifts it."""

    country: str
    may_dial: tuple[str, ...] = ()
    own: str = ""
    is_demo: bool = False
    calls_out: bool = True
    is_stopped: bool = False

    def check(self, number: str) -> None:
        """Raise `MayNotDial` unless the number (E.164) may be dialled."""
        check_may_dial(
            number, country=self.country, may_dial=list(self.may_dial), own=self.own, is_demo=self.is_demo
        )
        if not self.calls_out:
            raise MayNotDial("no_calls_out")
        if self.is_stopped:
            raise MayNotDial("stopped")

    def refusal(self, number: str) -> str:
        """Why the number may not be dialled, or ""."""
        try:
            self.check(number)
        except MayNotDial as error:
            return error.reason
        return ""


def number_block(number: str) -> str:
    """The numbers beside this one (E.164), as a beginning: 8 digits of a Belgian number, all but 3 of a longer one.
    Withheld numbers are one block."""
    return number[: max(9, len(number) - 3)] if number else "withheld"


def home_prefix(country: str) -> str:
    """The beginning of all numbers of this country (ISO 3166)."""
    return f"+{phonenumbers.country_code_for_region(country)}"


def country_prefix(number: str) -> str:
    """The beginning of all numbers of this number's country, such as `+33`; "" for what is none."""
    try:
        return f"+{phonenumbers.parse(number).country_code}"
    except phonenumbers.NumberParseException:
        return ""


def check_may_dial(
    number: str, *, country: str, may_dial: list[str], own: str = "", is_demo: bool = False
) -> None:
    """Raise `MayNotDial` unless the number (E.164) may be dialled from a line in `country`.

    `may_dial`: beginnings of numbers; empty: the country's own. Only ordinary phones, never a premium one, whatever
    the list says. `own`: the line's number, which would ring itself.
    """
    if not number.startswith("+"):
        raise MayNotDial("no_number")
    if number == own:
        raise MayNotDial("own_number")
    begins = may_dial or [home_prefix(country)]
    if not any(begin.startswith("+") and number.startswith(begin) for begin in begins):
        raise MayNotDial("not_allowed")
    if phone.is_fictitious(number):
        if not is_demo:
            raise MayNotDial("demonstration")
        return
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        raise MayNotDial("no_number") from None
    is_ordinary = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in _DIALLED
    if not is_ordinary or phonenumbers.region_code_for_number(parsed) == NON_GEOGRAPHIC_REGION:
        raise MayNotDial("costly")


def destination(number: str, country: str) -> str:
    """The class of a number (E.164) by which a call to it is paid: `free`, `landline`, `mobile` or `abroad`."""
    code = phonenumbers.country_code_for_region(country)
    if not number.startswith(f"+{code}"):
        return "abroad"
    if phone.is_mobile(number):
        return "mobile"
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return "mobile"
    if kind == PhoneNumberType.TOLL_FREE:
        return "free"
    return "landline"


def cents(seconds: float, kind: str, cents_per_minute: Mapping[str, float] = CENTS_PER_MINUTE) -> float:
    """What a call of so many seconds to this class of numbers costs; begun minutes count. A class without a price
    costs as much as the dearest."""
    price = cents_per_minute.get(kind, max(cents_per_minute.values(), default=0.0))
    return math.ceil(max(seconds, 0.0) / 60) * price
