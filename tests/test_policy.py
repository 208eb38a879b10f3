"""Who may open what: every address, by method, by eleven kinds of visitor. What they must not see is planted first.

The table is `quartier/config/policy.py`. For each row the status is what the table says, and the planted name,
number, address and notes stand on no page of somebody who may not know them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls.converters import UUIDConverter

from quartier.config.policy import ANYONE, POLICY, Row
from quartier.intake import actions as intake
from quartier.lib import clock
from quartier.lib.rhythm import simple
from quartier.team.access import of_account, system
from quartier.telephony.models import Callback
from quartier.visits import actions as visits
from quartier.visits.models import Regular
from tests import planted
from tests.asked import checked, to_call
from tests.bought import bought, visit_there
from tests.going_on import going_on
from tests.planted import (
    ADDRESS,
    COLUMNS,
    LISTENER_SEES,
    NAME,
    NOTES,
    PLANTED,
    PROGRAMME_SEES,
    ROLE,
    ROWS,
    SHOWN_PHONE,
    TEAM_SEES,
    address_of,
    appealed,
    called,
    listened_to,
    patterns,
    planted_in,
    visitor,
    words_of,
)
from tests.undone import undone

pytestmark = [pytest.mark.django_db, pytest.mark.either]
# The outlines of the land on the map are the same for everyone.
KEPT_BY_A_BROWSER = {"map_data"}
scene = planted.scene


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(patterns()) == set(POLICY)


def expected(row: Row, method: str, column: str, *, has_row: bool) -> set[int]:
    """The statuses that the table allows."""
    allowed = row.roles(method)
    if not allowed:
        return {405}
    roles = ROLE.get(column, set())
    if ANYONE in allowed:
        # By token: who does not hold it is told that the page does not exist.
        return {200, 302, 400, 404, 422}
    if not roles:
        return {302}
    if not roles & allowed:
        return {403}
    if column == "other organisation" and has_row:
        return {404}
    return {200, 204, 302, 303, 400, 404, 409, 422}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_table_holds(scene: dict[str, Any], column: str, method: str):
    wrong = []
    client = visitor(scene, column)
    for name, row in POLICY.items():
        if name == "live":
            continue  # a stream that does not end: quartier/live has its own tests
        where = address_of(name, scene, column)
        has_row = bool(set(ROWS) & set(patterns()[name].pattern.converters))
        # Each address finds the scene as it was: somebody who leaves here is back for the next one.
        with undone(client):
            response = client.get(where) if method == "GET" else client.post(where)
            seen = [] if response.streaming else planted_in(words_of(response))
        status = response.status_code
        if (
            row.scope != "none"
            and name not in KEPT_BY_A_BROWSER
            and "no-store" not in response.get("Cache-Control", "")
        ):
            wrong.append(f"{method} {name} as {column}: may be kept")
        # No worker runs here, and that is what it is asked for.
        unwell = name == "health" and method == "GET" and status == 503
        if status not in expected(row, method, column, has_row=has_row) and not unwell:
            wrong.append(f"{method} {name} as {column}: {status}")
        turned_away = status == 302 and ANYONE not in row.roles(method) and column in {"anonymous", "link"}
        if turned_away and "/sign-in/" not in response["Location"]:
            wrong.append(f"{method} {name} as {column}: sent to {response['Location']}")
        if seen and not _may_see(name, column):
            wrong.append(f"{method} {name} as {column}: shows {seen}")
    assert not wrong, "\n".join(wrong)


def _may_see(name: str, column: str) -> bool:
    if POLICY[name].scope == "demo":
        return True  # Every person is invented there; the gate's own test says that it is nowhere else.
    if column in {"operator", "coordinator", "admin"}:
        return name in TEAM_SEES or (column != "operator" and name in PROGRAMME_SEES)
    if column == "supervisor":
        return name in PROGRAMME_SEES
    if column == "listener":
        return name in LISTENER_SEES
    if column == "assigned":
        # To whom one writes is called by the first name.
        return name in {"offer_link", "offer_write"}
    # Who asked sees what she wrote herself.
    return column == "link" and name.startswith("status")


def test_who_goes_sees_the_address_and_nobody_else_does(scene: dict[str, Any]):
    def page(column: str) -> str:
        response = visitor(scene, column).get(address_of("offer_link", scene, column))
        return words_of(response) if response.status_code == 200 else str(response.status_code)

    for word in (NAME, ADDRESS, NOTES, SHOWN_PHONE):
        assert word in page("assigned")
        assert word not in page("other volunteer")
    assert page("suspended") == "404"
    visits.done(actor=of_account(scene["accounts"]["assigned"]), assignment=scene["assignment"])
    assert ADDRESS not in page("assigned")
    assert SHOWN_PHONE not in page("assigned")


def test_a_suspended_volunteer_loses_the_address_at_once(scene: dict[str, Any], thomas: Any):
    visits.volunteer_suspended(actor=of_account(thomas), volunteer=scene["assignment"].volunteer)
    response = visitor(scene, "assigned").get(address_of("offer_link", scene, "assigned"))
    assert response.status_code == 404


def test_no_message_holds_a_name_an_address_or_a_number(scene: dict[str, Any]):
    from quartier.messaging.models import Message

    for message in Message.objects.filter(template__startswith="offer") | Message.objects.filter(
        template="accepted"
    ):
        for word in PLANTED:
            assert word not in message.body + message.subject


# Addresses with one of these say what they did, and to whose it was done; what that is is asked of the database.
SAYS_HOW_MANY = {"batch_id"}
# Invented people alone stand there: `line` and `config` have tests of their own that it is nowhere else.
INVENTED = {"person_id"}


def test_every_kind_of_row_in_an_address_is_swapped():
    kinds = {
        word
        for each in patterns().values()
        for word, kind in each.pattern.converters.items()
        if isinstance(kind, UUIDConverter)
    }
    assert kinds - INVENTED == {*ROWS, *SAYS_HOW_MANY, "regular_id"}


@pytest.mark.parametrize("swap", [*ROWS, *SAYS_HOW_MANY, "regular_id"])
def test_two_organisations_with_the_same_data_see_nothing_of_each_other(
    scene: dict[str, Any],
    asked: Callable[..., Any],
    elsewhere: Any,
    volunteer: Any,
    bram: Any,
    account: Any,
    swap: str,
):
    now = clock.now()
    wim = volunteer("Wim", org=elsewhere)
    there = asked(
        "groceries",
        name=NAME,
        org=elsewhere,
        window_from=now + timedelta(hours=4),
        window_until=now + timedelta(hours=6),
        rhythm=simple("week", now.date()),
    )
    visit = visit_there(there, volunteer("Jan", org=elsewhere))
    theirs = {
        "request_id": there.requests[0].pk,
        "case_id": there.case.pk,
        "series_id": there.requests[0].series_id,
        "volunteer_id": wim.pk,
        "assignment_id": visit.pk,
        **going_on(elsewhere, bram),
        **appealed(elsewhere, bram, wim, there.case.opened_at),
        **called(elsewhere, bram, there.case.opened_at),
        **bought(system(elsewhere), visit),
        **to_call(visit, now),
        **checked(there.case, bram, now),
        **listened_to(
            elsewhere,
            there.case,
            account("Ans", "supervisor", at=elsewhere),
            account("Bart", "listener", at=elsewhere),
            account("Fien", at=elsewhere),
        ),
        "draft_id": intake.start_draft(organisation=elsewhere, form="intake", actor=of_account(bram)).pk,
        "regular_id": Regular.objects.create(
            organisation=elsewhere, series=there.requests[0].series, volunteer=wim, since=now
        ).pk,
    }
    before = restorable()
    for name, row in POLICY.items():
        if swap not in patterns()[name].pattern.converters:
            continue
        for method in ("get", "post"):
            if not row.roles(method.upper()):
                continue
            for column in (*scene["accounts"], "link"):
                ids = scene if column == "other organisation" else {**scene, **theirs}
                response = getattr(visitor(scene, column), method)(address_of(name, ids, column))
                # Who is nobody there, or holds a link, is asked to sign in; who goes nowhere is led to their own offer.
                is_led = column == "link" or swap in SAYS_HOW_MANY or name.startswith("offer_receipt")
                assert response.status_code in ({302, 403, 404} if is_led else {403, 404}), (
                    name,
                    method,
                    column,
                )
                assert not planted_in(words_of(response))
    assert restorable() == before


def restorable() -> list[Any]:
    """What one press has cleared from the list of calls, and is still cleared."""
    return list(
        Callback.objects.exclude(cleared_in=None).order_by("pk").values_list("pk", "state", "cleared_in")
    )
