"""What both sides hear of help that comes again: who comes each time, a pause, and that it goes on."""

from datetime import date
from typing import Any

from django.db.models import Q

from quartier.cases import actions as cases
from quartier.cases.models import Series
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment, Regular


def tell_rest(series: Series, first: date | None, last: date | None) -> None:
    """Nobody needs to come on these days (`None`: from now on, or nobody knows until when)."""
    _tell_both(series, "series_rests", {"rests": (first, last)})


def tell_goes_on(series: Series) -> None:
    """The pause is over."""
    _tell_both(series, "series_goes_on", {})


def tell_person_goes_on(series: Series) -> None:
    """A day is needed after all; who comes on it hears on which."""
    _tell_person(series, "series_goes_on", {}, f"{series.pk}:{uuid7().hex[-16:]}")


def tell_each_time(regular: Regular) -> None:
    """Whoever is helped hears that the same neighbour comes each time: the best that can be told."""
    series = regular.series
    values = {
        "name": first_name(regular.volunteer.person),
        "rule": series.rule,
        "next_day": _next_day_of(regular),
    }
    _tell_person(series, "comes_each_time", values, str(regular.pk))


def tell_stops(regular: Regular, *, by_team: bool = False) -> None:
    """Whoever is helped hears that this neighbour comes each time no more, for they were told otherwise. `by_team`: one
    of the team has decided it, and the neighbour hears it too."""
    series, name = regular.series, first_name(regular.volunteer.person)
    _tell_person(series, "regular_stops", {"name": name}, str(regular.pk))
    if by_team:
        values = {
            **_values(series),
            "place": (series.case.postcode, series.case.place_name),
            "page": ("volunteer_home",),
        }
        letter = Letter(
            regular.volunteer.person, "regular_released", f"regular_released:{regular.pk}", values
        )
        messaging.write(organisation=series.organisation, letter=letter)


def _tell_both(series: Series, template: str, values: dict[str, Any]) -> None:
    # Each is news, also when two come in one minute; who says the same twice is stopped before.
    key = f"{series.pk}:{uuid7().hex[-16:]}"
    _tell_person(series, template, values, key)
    regulars = Regular.objects.filter(series=series, ended_at=None).select_related("volunteer__person")
    letters = [
        Letter(
            each.volunteer.person,
            template,
            f"{template}:{key}:{each.pk}",
            {**_values(series), **values, "page": ("volunteer_home",)},
        )
        for each in regulars
    ]
    messaging.write_all(organisation=series.organisation, letters=letters)


def _tell_person(series: Series, template: str, values: dict[str, Any], key: str) -> None:
    case = series.case
    person = cases.whom_to_tell(case)
    token = cases.issue_link(case=case, person=person)
    page = {"page": ("status", token)}
    letter = Letter(person, template, f"{template}:{key}", {**_values(series), **values, **page})
    messaging.write(organisation=series.organisation, letter=letter)


def _values(series: Series) -> dict[str, Any]:
    return {"kind": series.kind, "next_day": next_day(series)}


def _next_day_of(regular: Regular) -> date | None:
    """The next day on which this one comes. Days that have their request already are not theirs, but for those to which
    they have said yes."""
    series, now = regular.series, clock.now()
    visits = Assignment.objects.filter(
        request__series=series,
        volunteer=regular.volunteer_id,
        state__in=Assignment.ACTIVE,
        comes_until__gt=now,
    )
    # One that was moved comes on another day than its own.
    zone = series.organisation.zone
    starts = visits.values_list("comes_from", flat=True)
    days = [max(start, now).astimezone(zone).date() for start in starts]
    return min([*days, *cases.days_ahead(series, 1)], default=None)


def next_day(series: Series) -> date | None:
    """The next day on which somebody is to come, whether it has its request already or not."""
    now, zone = clock.now(), series.organisation.zone
    opened = series.requests.filter(window_until__gt=now).exclude(state="closed")
    # One that is under way already, and to which nobody goes (any more), is none that comes.
    opened = opened.filter(Q(accepted__gt=0) | Q(window_from__gt=now))
    visits = Assignment.objects.filter(request__series=series, state__in=Assignment.ACTIVE)
    going = dict(visits.order_by("-comes_from").values_list("request_id", "comes_from"))
    # One that was moved comes on another day than its own.
    starts = [going.get(pk, start) for pk, start in opened.values_list("pk", "window_from")]
    days = [max(start, now).astimezone(zone).date() for start in starts]
    return min([*days, *cases.days_ahead(series, 1)], default=None)
