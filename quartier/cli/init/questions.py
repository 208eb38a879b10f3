"""The five questions. Each is asked until the answer makes sense; a flag that makes none ends the command."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from quartier.lib import phone
from quartier.lib.text import one_line


@dataclass(frozen=True)
class Answers:
    """What was answered. `phone` in E.164 or ''; `languages` are codes, the organisation's own first."""

    organisation: str
    languages: list[str]
    country: str
    phone: str
    sender: str


class Unanswered(Exception):
    """A flag that makes no sense, or nobody at the keyboard to ask."""


class Wrong(ValueError):
    """An answer that makes no sense, and what would."""


def ask(given: dict[str, str | None], language: str) -> Answers:
    """Ask what was not `given`. Raises `Unanswered`."""
    found: dict[str, Any] = {}
    for name, question, default, check in _questions(language, found):
        found[name] = _answer(name, question(), default, check, given[name])
    return Answers(**found)


def _questions(
    language: str, found: dict[str, Any]
) -> list[tuple[str, Callable[[], str], str, Callable[[str], Any]]]:
    return [
        ("organisation", lambda: _("What is your organisation called?"), "", _name),
        (
            "languages",
            lambda: _("Which languages do you speak with people? Your own first, from fr, nl, de, en."),
            language,
            _languages,
        ),
        ("country", lambda: _("In which country? Two letters, such as BE."), "BE", _country),
        (
            "phone",
            lambda: _("Which phone number do people call? Write none if you have none yet."),
            "",
            lambda text: phone_number(text, found["country"]),
        ),
        (
            "sender",
            lambda: _("Which email address do you send from? The first administrator signs in with it."),
            "",
            _mail,
        ),
    ]


def _answer(name: str, question: str, default: str, check: Callable[[str], Any], given: str | None) -> Any:
    if given is not None:
        try:
            return check(given)
        except Wrong as error:
            raise Unanswered(f"--{name}: {error}") from error
    while True:
        try:
            typed = input(f"{question}{f' [{default}]' if default else ''}\n> ")
        except EOFError as error:
            raise Unanswered(
                _("There is no one here to answer. Give the answer with --{name}.").format(name=name)
            ) from error
        try:
            return check(typed.strip() or default)
        except Wrong as error:
            print(error)


def _name(text: str) -> str:
    name = one_line(text, 120)
    if not name:
        raise Wrong(_("A name is needed: people see it on every page."))
    return name


def _languages(text: str) -> list[str]:
    known = dict(settings.LANGUAGES)
    codes = list(dict.fromkeys(text.lower().replace(",", " ").replace(";", " ").split()))
    strange = [code for code in codes if code not in known]
    if strange or not codes:
        raise Wrong(
            _("Please write one or more of these, with commas between: {codes}.").format(
                codes=", ".join(known)
            )
        )
    return codes


def _country(text: str) -> str:
    country = text.strip().upper()
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise Wrong(_("A country has two letters: BE for Belgium, FR for France, DE for Germany."))
    return country


def phone_number(text: str, country: str) -> str:
    """In E.164, or "" for none. Raises `Wrong`."""
    if text.lower() in {"none", "-", _("none")}:
        return ""
    try:
        return phone.parse(text, country)
    except phone.NotANumber as error:
        raise Wrong(
            _(
                "This is not a phone number in {country}. For a number from another country, begin with + "
                "and the country code."
            ).format(country=country)
        ) from error


def _mail(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise Wrong(_("This is not an email address. It should look like help@example.org.")) from error
    return text
