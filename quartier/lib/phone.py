"""Phone numbers: E.164 in the database, as people write them on a screen."""

from enum import Enum

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# Blocks that no carrier has given out: +32 2 000 (Brussels, exchange 000) and +32 400 00 (no mobile carrier).
FICTITIOUS = ("+322000", "+3240000", "+3280000020")

# What rings at a company or costs whoever calls: no phone of somebody.
_OF_COMPANIES = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
}


class NotANumber(ValueError):
    """What was typed is no phone number of the country, nor one with a country code in front."""


def parse(text: str, country: str) -> str:
    """The number in E.164, read as somebody in `country` (ISO 3166, `BE`) would write it; raises `NotANumber`."""
    text = text.strip()
    if not text or len(text) > 40:
        raise NotANumber(text[:40])
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as error:
        raise NotANumber(text) from error
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not (is_fictitious(written) and phonenumbers.is_possible_number(number)):
        if not phonenumbers.is_valid_number(number):
            raise NotANumber(text)
        if number.extension:
            raise NotANumber(text)
    return written


def display(e164: str, country: str = "BE") -> str:
    """The number as one writes it in `country`: `0488 12 34 56` at home, `+33 6 12 34 56 78` from elsewhere."""
    try:
        number = phonenumbers.parse(e164, country)
    except NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_country_code(number.country_code or 0) == country
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    if is_fictitious(e164) and at_home:
        return _in_pairs(e164)
    return phonenumbers.format_number(number, style)


def _in_pairs(e164: str) -> str:
    """Belgian grouping for numbers that the library does not know: `02 000 14 27`, `0400 00 14 27`."""
    digits = "0" + e164.removeprefix("+32")
    if digits.startswith("0800"):
        return f"{digits[:4]} {digits[4:6]} {digits[6:]}"
    if digits.startswith("02"):
        return f"{digits[:2]} {digits[2:5]} {digits[5:7]} {digits[7:]}"
    return f"{digits[:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}"


def is_fictitious(e164: str) -> bool:
    """Whether the number is kept for demonstrations and tests, and so must never be dialled."""
    return e164.startswith(FICTITIOUS)


def is_mobile(e164: str) -> bool:
    """Whether texts can be sent to the number."""
    if e164.startswith("+3240000"):
        return True
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except NumberParseException:
        return False
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Reader(Enum):
    """Who reads why a number is not taken: whoever gives their own, to sign in with it or not, or whoever notes that
    of somebody else."""

    SIGNS_IN = "signs in"
    IS_HELPED = "is helped"
    FOR_ANOTHER = "for another"


def why_not_own(e164: str, line: str, reader: Reader = Reader.SIGNS_IN) -> str:
    """Why the number is not the phone of whoever gives it: it is that of our `line` (E.164), or one that only companies
    have; '' where it may be theirs."""
    is_line = bool(e164) and e164 == line
    if is_line and reader == Reader.FOR_ANOTHER:
        return _(
            "This is the number of our own group: a text or a call there would come back to ourselves. Enter another "
            "number."
        )
    if is_line and is_mobile(line) and reader == Reader.IS_HELPED:
        return _(
            "This is the number of our group: a text from us would come back to ourselves. If it is your own mobile "
            "too, enter another number, or your email address instead."
        )
    if is_line and is_mobile(line):
        # A small group is called on the mobile of one of them.
        return _(
            "This is the number of our group: a text from us would come back to ourselves. If it is your own mobile "
            "too, leave it out and enter your email address: you sign in with that."
        )
    if is_line:
        return _(
            "This is the number of our own line: no one could be reached there. Enter the number of a landline or a "
            "mobile."
        )
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except NumberParseException:
        return ""
    if kind in _OF_COMPANIES:
        return _(
            "This is a number that companies use, such as 0800 or 0900: no one could be reached there. Enter the "
            "number of a landline or a mobile."
        )
    return ""
