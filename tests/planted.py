"""A household with everything planted that not everybody may know, and ten kinds of visitor who look for it."""

import io
import re
import wave
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import FLAGEY
from quartier.alerts import actions as alerts
from quartier.appeals import actions as appeals
from quartier.appeals.actions import Asked
from quartier.appeals.models import RoleWish
from quartier.cases import actions as cases
from quartier.cases.rules import Household, Wanted, Where
from quartier.companions import actions as companions
from quartier.companions.actions.pairing import Wanted as Wishes
from quartier.companions.tests import scene as scene_of_companions
from quartier.concerns import actions as concerns
from quartier.conversation.models import ToRead
from quartier.intake import actions as intake
from quartier.lib import cells, choices
from quartier.lib.rhythm import simple
from quartier.matching import actions as matching
from quartier.messaging import incoming
from quartier.messaging.providers.heard import Incoming
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.shopping import actions as shopping
from quartier.shopping.rules import Wishes as List
from quartier.team.access import of_account, system
from quartier.team.models import Role
from quartier.telephony import actions as line
from quartier.telephony.models import Audio, BlockedNumber, BlockRequest, Call, Callback
from quartier.visits import actions as visits
from quartier.visits.models import Regular
from tests.asked import checked, to_call
from tests.bought import bought
from tests.going_on import going_on

pytestmark = pytest.mark.django_db

PHONE, SHOWN_PHONE = "+3220009137", "02 000 91 37"
NAME, ADDRESS, NOTES, WISH = (
    "Zénobie Plantevin",
    "Rue du Secret 77",
    "clef sous le pot bleu",
    "insuline au frigo",
)
ALLERGY = "ni noisettes ni Chicoutimi"
WHISPER = "elle pleure chaque soir Quasimodo"
PLANTED = (
    NAME,
    "Zénobie",
    "Plantevin",
    ADDRESS,
    NOTES,
    WISH,
    PHONE,
    SHOWN_PHONE,
    WHISPER,
    "Quasimodo",
    "Chicoutimi",
)
# Its last digits by themselves: within an id they are chance.
END_OF_PHONE = re.compile(r"(?<![\w-])9137(?![\w-])")

COLUMNS = (
    "anonymous", "link", "assigned", "other volunteer", "suspended",
    "operator", "listener", "supervisor", "coordinator", "admin", "other organisation",
)  # fmt: skip
ROLE = {
    "assigned": {"volunteer"},
    "other volunteer": {"volunteer"},
    "suspended": {"nobody"},  # a volunteer who answers the line too: no role of theirs works
    "operator": {"operator"},
    "listener": {"listener"},
    "supervisor": {"supervisor"},
    "coordinator": {"coordinator"},
    "admin": {"admin"},
    "other organisation": {"operator", "coordinator"},
}
# Of those who reach a page by their role, these see what was planted only where a page is made for it.
TEAM_SEES = {
    "request_page",
    "request_candidates",
    "request_close",
    "calendar",
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
    "line_risk",
    "line_callbacks",
    # Whom one has still to call back, as the bar says it.
    "line_sign_out",
    "line_block",
    "line_block_ask",
    "alert",
    "alerts_strip",
    "concern_page",
    "concern_tell",
    "written",
    "written_act",
    "request_messages",
    "case_messages",
    "request_list",
    "money",
    "money_decide",
    "calls_out",
    "after_call",
    "said",
    "check_call",
    "check_people",
    "campaign",
    "companion_wish_begin",
}
# What is planted is of somebody who is called regularly: these show her to the programme and to her listener.
PROGRAMME_SEES = {"companions", "companion", "companion_wish", "companion_listener", "companion_glass"}
LISTENER_SEES = {"listen", "listen_pairing", "listen_services"}
# What names one row of the database in an address.
ROWS = (
    "request_id",
    "case_id",
    "volunteer_id",
    "draft_id",
    "call_id",
    "callback_id",
    "blocked_id",
    "block_request_id",
    "audio_id",
    "alert_id",
    "concern_id",
    "to_read_id",
    "series_id",
    "incident_id",
    "proposal_id",
    "shift_id",
    "absence_id",
    "appeal_id",
    "wish_id",
    "expense_id",
    "receipt_id",
    "follow_up_id",
    "member_id",
    "campaign_id",
    "check_in_id",
    "pairing_id",
    "call_wish_id",
    "listener_id",
    "service_id",
    "stand_in_id",
    "assignment_id",
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


def listened_to(organisation: Any, case: Any, supervisor: Any, listener: Any, other: Any) -> dict[str, Any]:
    """The person of this case is called by a listener, who has written a note."""
    trained = scene_of_companions.trained(supervisor, listener)
    wish = companions.wish_for(
        actor=of_account(supervisor), case=case, person=case.person,
        wanted=Wishes(1, choices.ALL_SLOTS, to_know="orchidées"),
    )  # fmt: skip
    pairing = scene_of_companions.propose(supervisor, wish, trained)
    scene_of_companions.begin(trained, scene_of_companions.agree(supervisor, trained, pairing))
    companions.write_note(actor=of_account(listener), pairing=pairing, words=WHISPER)
    # Another listener has said yes to call her this week: what was handed over is one sentence.
    paul = scene_of_companions.trained(supervisor, other)
    instead = scene_of_companions.instead(supervisor, pairing, paul)
    service = scene_of_companions.service(supervisor)
    return {
        "pairing_id": pairing.pk,
        "call_wish_id": wish.pk,
        "listener_id": trained.pk,
        "stand_in_id": instead.pk,
        "service_id": service.pk,
    }


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
    cleared = Callback.objects.create(
        organisation=organisation, why="missed", state="done", wanted_at=at, due_at=at, ended_at=at,
        cleared_in=uuid4(),
    )  # fmt: skip
    blocked = BlockedNumber.objects.create(
        organisation=organisation, number="+3220001999", number_index="elsewhere", reason="menace",
        blocked_at=at, until=at + timedelta(days=30),
    )  # fmt: skip
    asked = BlockRequest.objects.create(
        organisation=organisation, number="+3220001998", number_index="elsewhere", reason="menace",
        asked_by=operator, asked_at=at,
    )  # fmt: skip
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
        "batch_id": cleared.cleared_in,
        "blocked_id": blocked.pk,
        "block_request_id": asked.pk,
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
    Role.objects.create(organisation=organisation, account=simon.person.account, name="operator")
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
    shopping.write(
        actor=actor, request=request, wishes=List(WISH, allergies=ALLERGY, agreed=True, spoken=True)
    )
    offers = {offer.volunteer_id: offer for offer in matching.send_wave(request_id=request.pk)}
    answer = visits.accept_offer(actor=of_account(youssef.person.account), offer=offers[youssef.pk])
    assert answer.assignment is not None
    paid = bought(of_account(youssef.person.account), answer.assignment)
    visits.volunteer_suspended(actor=of_account(thomas), volunteer=simon)
    amina, hadija = account("Amina", "supervisor"), account("Hadija", "listener")
    listened = listened_to(organisation, opened.case, amina, hadija, account("Paul"))
    draft = intake.start_draft(organisation=organisation, form="intake", actor=of_account(lotte))
    intake.save_draft(draft_id=draft.pk, answers={"phone": PHONE, "words": WISH})
    return {
        "accounts": {
            "assigned": youssef.person.account,
            "other volunteer": nadia.person.account,
            "suspended": simon.person.account,
            "operator": lotte,
            "listener": hadija,
            "supervisor": amina,
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
        "assignment_id": answer.assignment.pk,
        "status": opened.token,
        "offer": {
            "assigned": matching.token_of(offers[youssef.pk]),
            "other volunteer": matching.token_of(offers[nadia.pk]),
            "suspended": matching.token_of(offers[simon.pk]),
        },
        **paid,
        **going_on(organisation, sara),
        "step": "what",
        "prompt": "closed",
        "spoken": "fr",
        "size": "poster",
        "template": "offer",
        "name": "nobody",
        "question": "abc123",
        **to_call(answer.assignment, tuesday),
        **checked(opened.case, thomas, tuesday),
        **appealed(organisation, thomas, nadia, tuesday),
        **listened,
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
            if name in {"after", "check"}:
                held = scene[name]
            words[word] = held if name.startswith("offer") or column == "link" else "x" * 43
        else:
            words[word] = scene[word]
    return reverse(name, kwargs=words)


def visitor(scene: dict[str, Any], column: str) -> Client:
    client = Client(headers={"accept-language": "fr"})
    if account := scene["accounts"].get(column):
        client.force_login(account)
        # Elsewhere they are nobody.
        client.defaults["SERVER_NAME"] = account.organisation.host or "testserver"
    return client


def words_of(response: Any) -> str:
    """The page, with plain spaces."""
    return (
        response.content.decode(errors="replace")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("&nbsp;", " ")
    )


def planted_in(words: str) -> list[str]:
    """What stands there of what was planted."""
    return [word for word in PLANTED if word in words] + END_OF_PHONE.findall(words)
