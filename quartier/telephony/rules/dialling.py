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
# Codes under which countries with prices of their own stand beside a large one (the Caribbean, the Channel Islands,
# Kazakhstan), and the digits after the code that tell them apart.
SHARED_CODE_AREA_DIGITS = {1: 3, 7: 3, 44: 4}


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
    money), `own_spent` (that of own phones), `unproven` (an own phone, and nobody knows whose), `quiet`
    (a code, at an hour at which nobody is disturbed), `too_many_now` (calls out at the same time) or `too_many_hour`
    (of this operator in an hour). Never says the number."""

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


def country_prefix(number: str, home: str = "") -> str:
    """The beginning by which the numbers of this number's country are allowed on a line in `home`, such as `+33`, or
    those of its area where several countries share a code, such as `+1876`; "" for what is none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    code = parsed.country_code or 0
    if _is_opened_by_code(parsed, home):
        return f"+{code}"
    return f"+{code}{parsed.national_number}"[: len(f"+{code}") + SHARED_CODE_AREA_DIGITS[code]]


def _is_opened_by_code(number: phonenumbers.PhoneNumber, home: str) -> bool:
    """Whether the country code alone opens this number: where others share it, only of the line's own country, or else
    of the one that the code is known by."""
    code = number.country_code or 0
    if code not in SHARED_CODE_AREA_DIGITS:
        return True
    is_home = phonenumbers.country_code_for_region(home) == code
    main = home if is_home else phonenumbers.region_code_for_country_code(code)
    return bool(phonenumbers.region_code_for_number(number) == main)


def check_may_dial(
    number: str, *, country: str, may_dial: list[str], own: str = "", is_demo: bool = False
) -> None:
    """Raise `MayNotDial` unless the number (E.164) may be dialled from a line in `country`.

    `may_dial`: beginnings of numbers; empty: the country's own. A country code that others share opens the country that
    it is known by, or the line's own; the others are opened by longer beginnings. Only ordinary phones, never a
    premium one, whatever the list says. `own`: the line's number, which would ring itself.
    """
    if not number.startswith("+"):
        raise MayNotDial("no_number")
    if number == own:
        raise MayNotDial("own_number")
    begins = may_dial or [home_prefix(country)]
    opening = [begin for begin in begins if begin.startswith("+") and number.startswith(begin)]
    if not opening:
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
    is_area_named = any(len(begin) > len(f"+{parsed.country_code}") for begin in opening)
    if not is_area_named and not _is_opened_by_code(parsed, country):
        raise MayNotDial("not_allowed")


def destination(number: str, country: str) -> str:
    """The class of a number (E.164) by which a call to it is paid: `free`, `landline`, `mobile`; of another country
    `FR.m` for a mobile, `FR.l` for any other; `abroad` where nobody knows which."""
    code = phonenumbers.country_code_for_region(country)
    if not number.startswith(f"+{code}"):
        return _abroad(number)
    if phone.is_mobile(number):
        return "mobile"
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return "mobile"
    if kind == PhoneNumberType.TOLL_FREE:
        return "free"
    return "landline"


def _abroad(number: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        region = None
    if not region or region == NON_GEOGRAPHIC_REGION:
        return "abroad"
    return f"{region}.{'m' if phone.is_mobile(number) else 'l'}"


def cents(seconds: float, kind: str, cents_per_minute: Mapping[str, float] = CENTS_PER_MINUTE) -> float:
    """What a call of so many seconds to this class of numbers costs; begun minutes count. A class without a price
    costs as much as the dearest."""
    price = cents_per_minute.get(kind, max(cents_per_minute.values(), default=0.0))
    return math.ceil(max(seconds, 0.0) / 60) * price
