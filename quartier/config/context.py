"""What every page shows: the organisation and its number, the languages, the numbers for emergencies."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from quartier.config import organisation
from quartier.lib import emergency, phone
from quartier.team.models import Organisation


@dataclass
class Language:
    """One language of the switch."""

    code: str
    name: str
    url: str
    current: bool


class Page:
    """The frame of a page. Everything is worked out only when a template asks for it."""

    demo = settings.DEMO

    def __init__(self, request: HttpRequest, here: Organisation | None) -> None:
        self._request = request
        self.organisation = here

    @cached_property
    def demo_percent(self) -> int | None:
        """How much of a demonstration is there while invented people are still being added, see `quartier demo`;
        `None` when that is over."""
        if not self.demo:
            return None
        try:
            words = (settings.INSTALLATION.home / "filling").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return int(words or 0)

    @cached_property
    def phone_e164(self) -> str:
        return self.organisation.phone if self.organisation else ""

    @cached_property
    def phone_display(self) -> str:
        if not self.organisation or not self.organisation.phone:
            return ""
        return phone.display(self.organisation.phone, self.organisation.country)

    @cached_property
    def languages(self) -> list[Language]:
        here = self._request.get_full_path()
        offered = (
            self.organisation.languages if self.organisation else [code for code, _ in settings.LANGUAGES]
        )
        now = get_language()
        return [
            Language(code, str(name), translate_url(here, code), code == now)
            for code, name in settings.LANGUAGES
            if code in offered or code == now
        ]

    @cached_property
    def emergency_numbers(self) -> list[emergency.Number]:
        return [number for number in self.danger_numbers if number.first]

    @cached_property
    def danger_numbers(self) -> list[emergency.Number]:
        """All of them, also those for violence alone."""
        country = self.organisation.country if self.organisation else "BE"
        return emergency.numbers(country, get_language() or "en")

    @property
    def danger_said(self) -> str:
        """What `conversation.numbers` put into the address: words of danger were sent, the numbers stand on top."""
        try:
            return self._request.GET.get("danger", "")
        except SuspiciousOperation:  # More fields than anybody sends: this is the page that says so.
            return ""

    @cached_property
    def actor(self) -> Any:
        return getattr(self._request, "actor", None)

    @property
    def account(self) -> Any:
        return self.actor.account if self.actor else None

    @property
    def roles(self) -> frozenset[str]:
        return self.actor.roles if self.actor else frozenset()


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `page`."""
    return {"page": Page(request, getattr(request, "organisation", None) or organisation.of(request))}
