"""A ride: from where, where to, and at what hour. Without them nobody can say yes to it."""

from datetime import date, datetime, tzinfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.cases import rides
from quartier.cases.rides import hour_in as hour_in
from quartier.public.questions import Answers, Words
from quartier.team.models import Organisation

RIDE_KIND = rides.RIDE_KIND
FROM, TO, AT = "transport_from", "transport_to", "transport_at"


def fields(*, for_other: bool = False) -> dict[str, forms.Field]:
    """What must be known of a ride. `for_other`: who answers is not who is driven."""
    return {
        TO: Words(
            max_length=200,
            label=_("Where does this person need to go?") if for_other else _("Where to?"),
            help_text=_("For example: the hospital in Ixelles, rue Jean Paquot 63."),
            error_messages={"required": _("Enter where the lift goes.")},
        ),
        FROM: Words(
            max_length=200,
            required=False,
            label=_("Where does this person leave from?") if for_other else _("From where?"),
            help_text=(
                _("Leave it empty if the lift starts at this person’s home.")
                if for_other
                else _("Leave it empty if the lift starts at home.")
            ),
        ),
        AT: Words(
            # "quatre heures moins le quart"
            max_length=40,
            label=_("What is the time of arrival?"),
            help_text=_("For example: 14:30."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": _("Enter the time, for example 14:30.")},
        ),
    }


def may_be_afternoon(text: str) -> bool:
    """Whether it is an hour of the night as it stands, and perhaps one of the afternoon is meant."""
    at = hour_in(text)
    return at is not None and rides.is_perhaps_afternoon(at, text)


def is_over(answers: Answers, zone: tzinfo, now: datetime) -> bool:
    """Whether the hour of a ride that is asked for is past, on the day that was chosen (`zone`: of that day)."""
    day, at = answers.get("when", {}).get("day"), hour_in(answers.get("details", {}).get(AT, ""))
    if not needs_day(answers) or not day or at is None:
        return False
    return datetime.combine(datetime.fromisoformat(day).date(), at, tzinfo=zone) <= now


def is_said(answers: Answers) -> bool:
    """Whether a ride that is asked for says where to, and when."""
    details = answers.get("details", {})
    return RIDE_KIND not in answers.get("what", {}).get("kinds", []) or bool(
        details.get(TO) and details.get(AT)
    )


def needs_day(answers: Answers) -> bool:
    """Whether the hour is that of a ride, which means nothing without a day."""
    return RIDE_KIND in answers.get("what", {}).get("kinds", [])


def is_alone(answers: Answers) -> bool:
    """Whether nothing but a ride is asked for: then its hour is the only one."""
    return bool(answers.get("what", {}).get("kinds") == [RIDE_KIND])


def hour_error(typed: str) -> str | Promise:
    """What is wrong with an hour that was typed; '' for one to go by."""
    if hour_in(typed) is None:
        return _("We cannot read this time. Write it like 14:30.")
    if may_be_afternoon(typed):
        return _("Is that at night? Write a time at night like 03:00, and one in the afternoon like 15:00.")
    return ""


def in_words(details: Answers) -> str:
    """The ride as the neighbour who has said yes reads it, with what else was written."""
    at, more = hour_in(details.get(AT, "")), str(details.get(RIDE_KIND, ""))
    if at is None:
        return more
    return rides.ride_in_words(start=details.get(FROM) or "", end=details.get(TO, ""), at=at, more=more)


def window(answers: Answers, organisation: Organisation) -> tuple[datetime, datetime] | None:
    """When somebody is to be at the door for it, where a day was chosen."""
    day, at = answers.get("when", {}).get("day"), hour_in(answers.get("details", {}).get(AT, ""))
    if not day or at is None:
        return None
    return rides.fetch_window(date.fromisoformat(day), at, organisation.zone)
