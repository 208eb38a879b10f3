"""Who may open what: every address, by method, by ten kinds of visitor. What they must not see is planted first.

The table is `quartier/config/policy.py`. For each row the status is what the table says, and the planted name,
number, address and notes stand on no page of somebody who may not know them.
"""

import io
import wave
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import FLAGEY
from quartier.alerts import actions as alerts
from quartier.appeals import actions as appeals
from quartier.appeals.actions import Asked
from quartier.appeals.models import RoleWish
from quartier.cases import actions as cases
from quartier.cases.rules import Household, Wanted, Where
from quartier.concerns import actions as concerns
from quartier.config.policy import ANYONE, POLICY, Row
from quartier.conversation.models import ToRead
from quartier.intake import actions as intake
from quartier.lib import cells, clock
from quartier.lib.rhythm import simple
from quartier.matching import actions as matching
from quartier.messaging import incoming
from quartier.messaging.providers.heard import Incoming
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.telephony import actions as line
from quartier.telephony.models import Audio, Call
from quartier.visits import actions as visits
from quartier.visits.models import Regular
from tests.bought import bought, visit_there

pytestmark = pytest.mark.django_db

PHONE, SHOWN_PHONE = "+3220009137", "02 000 91 37"
NAME, ADDRESS, NOTES, WISH = (
    "Zénobie Plantevin",
    "Rue du Secret 77",
    "clef sous le pot bleu",
    "insuline au frigo",
)
PLANTED = (NAME, "Zénobie", "Plantevin", ADDRESS, NOTES, WISH, PHONE, SHOWN_PHONE, "9137")

COLUMNS = (
    "anonymous", "link", "assigned", "other volunteer", "suspended",
    "operator", "listener", "coordinator", "admin", "other organisation",
)  # fmt: skip
ROLE = {
    "assigned": {"volunteer"},
    "other volunteer": {"volunteer"},
    "suspended": {"volunteer"},
    "operator": {"operator"},
    "listener": {"listener"},
    "coordinator": {"coordinator"},
    "admin": {"admin"},
    "other organisation": {"operator", "coordinator"},
}
# Of those who reach a page by their role, these see what was planted only where a page is made for it.
TEAM_SEES = {
    "request_page",
    "request_close",
    "case_page",
    "case_merge",
    "series_begin",
    "series",
    "series_act",
    "search",
    "intake",
    "intake_page",
    "intake_done",
    "volunteer_page",
    "volunteer_wishes",
    "line_call",
    "line_note",
    "line_callbacks",
    "alert",
    "concern_page",
    "concern_tell",
    "written",
    "written_act",
    "request_messages",
    "case_messages",
    "request_list",
    "money",
    "money_decide",
}
# What names one row of the database in an address.
ROWS = (
    "request_id",
    "case_id",
    "volunteer_id",
    "draft_id",
    "call_id",
    "callback_id",
    "audio_id",
    "alert_id",
    "concern_id",
    "to_read_id",
    "series_id",
    "appeal_id",
    "wish_id",
    "expense_id",
    "receipt_id",
)


def patterns(resolver: Any = None) -> dict[str, URLPattern]:
    """Every named address."""
    found = {}
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            found |= patterns(each)
        elif each.name:
            found[each.name] = each
    return found


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(patterns()) == set(POLICY)


def called(organisation: Any, operator: Any, at: Any) -> dict[str, Any]:
    """Somebody has called from the planted number, spoken with the operator, and left a message later."""
    ids = {}
    for word in ("call_id", "second"):
        ids[word] = uuid4()
        line.call_began(organisation=organisation, call_id=ids[word], direction="in", number=PHONE, at=at)
    line.call_moved(
        organisation=organisation, call_id=ids["call_id"], state="bridged", version=1,
        operator=operator.pk, language="fr", at=at,
    )  # fmt: skip
    line.call_closed(
        organisation=organisation, call_id=ids["call_id"], ended=line.Ended("answered", PHONE), at=at
    )
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    audio = line.message_left(
        organisation=organisation, call_id=ids["second"], sound=sound.getvalue(), seconds=2, at=at
    )
    ended = line.Ended("voicemail", PHONE)
    line.call_closed(organisation=organisation, call_id=ids["second"], ended=ended, at=at)
    assert audio is not None
    Audio.objects.filter(pk=audio.pk).update(transcript="")
    row = audio.call.callbacks.get()
    line.claim(actor=of_account(operator), callback_id=row.pk)
    heard = alerts.raise_alert(actor=of_account(operator), call=Call.objects.get(pk=ids["call_id"]))
    words = incoming.received(organisation, "one", Incoming(str(ids["second"]), "text", PHONE, NOTES, at))
    assert words is not None
    to_read = ToRead.objects.create(organisation=organisation, received=words, at=at)
    concern, token = concerns.raise_concern(
        actor=of_account(operator),
        said=concerns.Raised("unknown", f"{NAME}: {NOTES}", "team", person=audio.call.person),
    )
    return {
        "concern_id": concern.pk,
        "concern": token,
        "call_id": ids["call_id"],
        "audio_id": audio.pk,
        "callback_id": row.pk,
        "alert_id": heard.pk,
        "to_read_id": to_read.pk,
    }


def appealed(organisation: Any, thomas: Any, nadia: Any, at: Any) -> dict[str, Any]:
    """Thomas has made an appeal; Nadia would like to help the coordinators."""
    asked = Asked("role", 1, role="helper")
    appeal = appeals.make(actor=of_account(thomas), asked=asked)
    wish = RoleWish.objects.create(organisation=organisation, volunteer=nadia, role="helper", at=at)
    return {"appeal_id": appeal.pk, "wish_id": wish.pk}


@pytest.fixture
def scene(
    tuesday, organisation, youssef, nadia, volunteer, lotte, thomas, sara, bram, account, settings
) -> dict[str, Any]:
    """A household with everything planted; Youssef goes there, Nadia was asked too, Simon is suspended."""
    settings.LINE_WSS = "wss://line.example.org"
    simon = volunteer("Simon")
    actor = system(organisation)
    person = people.record_person(
        organisation=organisation, who=Who(NAME, phone=PHONE, language="fr", channel="call")
    )
    contact = intake.record_contact(actor=actor, person=person, channel="phone", words=WISH)
    opened = cases.open_case(
        actor=actor,
        contact=contact,
        person=person,
        household=Household(
            Where(cells.cell_at(*FLAGEY), "1050", "Ixelles"), address=ADDRESS, access_notes=NOTES
        ),
        wanted=[
            Wanted("groceries", 1, details=WISH),
            Wanted("pharmacy", 1, details=WISH),
            Wanted(
                "dog", 1, details=WISH, window_from=tuesday + timedelta(hours=4),
                window_until=tuesday + timedelta(hours=6), rhythm=simple("week", tuesday.date()),
            ),
        ],
    )  # fmt: skip
    series = opened.requests[2].series
    regular = Regular.objects.create(
        organisation=organisation, series=series, volunteer=youssef, since=tuesday
    )
    request = opened.requests[0]
    offers = {offer.volunteer_id: offer for offer in matching.send_wave(request_id=request.pk)}
    answer = visits.accept_offer(actor=of_account(youssef.person.account), offer=offers[youssef.pk])
    assert answer.assignment is not None
    paid = bought(of_account(youssef.person.account), answer.assignment)
    visits.volunteer_suspended(actor=of_account(thomas), volunteer=simon)
    draft = intake.start_draft(organisation=organisation, form="intake", actor=of_account(lotte))
    intake.save_draft(draft_id=draft.pk, answers={"phone": PHONE, "words": WISH})
    return {
        "accounts": {
            "assigned": youssef.person.account,
            "other volunteer": nadia.person.account,
            "suspended": simon.person.account,
            "operator": lotte,
            "listener": account("Hadija", "listener"),
            "coordinator": thomas,
            "admin": sara,
            "other organisation": bram,
        },
        "request_id": request.pk,
        "case_id": opened.case.pk,
        "series_id": series.pk,
        "regular_id": regular.pk,
        "volunteer_id": youssef.pk,
        "person_id": person.pk,
        "draft_id": draft.pk,
        "assignment": answer.assignment,
        "status": opened.token,
        "offer": {
            "assigned": matching.token_of(offers[youssef.pk]),
            "other volunteer": matching.token_of(offers[nadia.pk]),
            "suspended": matching.token_of(offers[simon.pk]),
        },
        **paid,
        "step": "what",
        "prompt": "closed",
        "spoken": "fr",
        "template": "offer",
        "name": "nobody",
        **appealed(organisation, thomas, nadia, tuesday),
        **called(organisation, lotte, tuesday),
    }


def address_of(name: str, scene: dict[str, Any], column: str) -> str:
    """The address, filled with what belongs to the scene; tokens are those that this visitor holds."""
    words: dict[str, Any] = {}
    for word in patterns()[name].pattern.converters:
        if word == "token":
            held = scene["offer"].get(column, "x" * 43) if name.startswith("offer") else scene["status"]
            if name == "concern_follow":
                held = scene["concern"]
            words[word] = held if name.startswith("offer") or column == "link" else "x" * 43
        else:
            words[word] = scene[word]
    return reverse(name, kwargs=words)


def visitor(scene: dict[str, Any], column: str) -> Client:
    client = Client(headers={"accept-language": "fr"})
    if column in scene["accounts"]:
        client.force_login(scene["accounts"][column])
    return client


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


def words_of(response: Any) -> str:
    """The page, with plain spaces."""
    return (
        response.content.decode(errors="replace")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("&nbsp;", " ")
    )


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_table_holds(scene: dict[str, Any], column: str, method: str):
    wrong = []
    for name, row in POLICY.items():
        if name == "live":
            continue  # a stream that does not end: quartier/live has its own tests
        where = address_of(name, scene, column)
        has_row = bool(set(ROWS) & set(patterns()[name].pattern.converters))
        # Each address finds the scene as it was: somebody who leaves here is back for the next one.
        with transaction.atomic():
            client = visitor(scene, column)
            response = client.get(where) if method == "GET" else client.post(where)
            seen = [] if response.streaming else [word for word in PLANTED if word in words_of(response)]
            transaction.set_rollback(True)
        status = response.status_code
        if status not in expected(row, method, column, has_row=has_row):
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
        return name in TEAM_SEES
    if column == "assigned":
        return name == "offer_link"
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


@pytest.mark.parametrize("swap", [word for word in ROWS if word != "draft_id"])
def test_two_organisations_with_the_same_data_see_nothing_of_each_other(
    scene: dict[str, Any], asked: Callable[..., Any], elsewhere: Any, volunteer: Any, bram: Any, swap: str
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
    theirs = {
        "request_id": there.requests[0].pk,
        "case_id": there.case.pk,
        "series_id": there.requests[0].series_id,
        "volunteer_id": wim.pk,
        **appealed(elsewhere, bram, wim, there.case.opened_at),
        **called(elsewhere, bram, there.case.opened_at),
        **bought(system(elsewhere), visit_there(there, volunteer("Jan", org=elsewhere))),
    }
    for name, row in POLICY.items():
        if swap not in patterns()[name].pattern.converters:
            continue
        for method in ("get", "post"):
            if not row.roles(method.upper()):
                continue
            for column, ids in (("coordinator", {**scene, **theirs}), ("other organisation", scene)):
                response = getattr(visitor(scene, column), method)(address_of(name, ids, column))
                assert response.status_code in {403, 404}, (name, method, column)
                assert not [word for word in PLANTED if word in words_of(response)]
