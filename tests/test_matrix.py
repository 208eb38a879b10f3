"""Matrix with a real homeserver: a chat is linked, an offer is answered in it, and nothing is written twice."""

import pytest

from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging import chats, chatting, delivery
from quartier.messaging.actions import Letter, write
from quartier.messaging.delivery import deliver
from quartier.messaging.models import ChatFeed, ChatLink, Message, Received
from quartier.messaging.providers import bots, heard, matrix
from quartier.messaging.providers.base import NotSent
from quartier.messaging.tests import conftest
from quartier.people.models import Person
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
CHATS = "/fr/volunteer/chats/"
lost, message = conftest.lost, conftest.message


@pytest.fixture
def ours(synapse, settings, names, organisation):
    """Our own user there, as the installation's file names it."""
    bot = synapse.user(names("line"))
    settings.MATRIX = f"{synapse.url}?user={bot.name}&token={bot.token}"
    hear()
    return bot


def hear():
    """One worker listens once."""
    (provider,) = bots()
    chatting.listen(provider)
    while conversation.take_next():
        pass


def send():
    while deliver():
        pass


@pytest.fixture
def element(synapse, names):
    return synapse.user(names("youssef"))


@pytest.fixture
def room(tuesday, ours, element, youssef, client):
    """Youssef has linked the room to which we invited him."""
    client.force_login(youssef.person.account)
    page = client.post(CHATS, {"do": "link", "channel": "matrix", "name": element.name}, follow=True)
    hear()
    (room,) = element.invitations()
    element.join(room)
    element.write(room, page.context["code"].lower())
    hear()
    return room


def test_from_the_link_to_the_visit(room, element, ours, youssef, asked, client):
    words = element.reads(room)
    assert words[0].startswith("Quartier Bruxelles\u00a0: écrivez ici les huit lettres")
    assert words[1].startswith("Quartier Bruxelles\u00a0: cette conversation est reliée")
    assert element.name in client.get(CHATS).content.decode()

    request = asked("groceries", urgency="day").requests[0]
    matching.send_wave(request_id=request.pk)
    send()
    offer = Message.objects.get(template="offer")
    assert (offer.channel, offer.state, offer.cost) == ("matrix", "sent", 0)
    said = element.reads(room)[-1]
    assert said == offer.body
    assert f"OUI {offer.answer_code}" in said
    event = element.events(room)[-1]["event_id"]
    assert offer.provider_reference == event

    element.do("POST", f"rooms/{room}/receipt/m.read/{event}", {})
    element.write(room, f"oui {offer.answer_code}")
    hear()
    offer.refresh_from_db()
    assert offer.state == "delivered"
    assert Assignment.objects.get().volunteer == youssef
    send()
    accepted = Message.objects.get(template="accepted")
    assert (accepted.channel, accepted.state) == ("matrix", "sent")
    assert element.reads(room)[-1] == accepted.body
    row = Received.objects.get()
    assert (row.channel, row.meaning, row.person) == ("matrix", "yes", youssef.person)
    assert row.answer == accepted


@pytest.mark.either
def test_stop_and_start(room, element, youssef, organisation):
    element.write(room, "STOP")
    hear()
    send()
    assert "START" in element.reads(room)[-1]
    youssef.refresh_from_db()
    assert youssef.state == "paused"
    assert write(organisation=organisation, letter=Letter(youssef.person, "heard", "k1")) is None
    element.write(room, "start")
    hear()
    send()
    assert "STOP" in element.reads(room)[-1]
    assert write(organisation=organisation, letter=Letter(youssef.person, "heard", "k2")) is not None


def test_a_killed_worker_sends_no_second_copy(room, element, message, lost, monkeypatch):
    row = message("a", channel="matrix", to="", body="une seule fois")
    with monkeypatch.context() as patch:
        # Its last breath: the homeserver has taken it, and nobody has written that down.
        patch.setattr(delivery, "record", lambda **_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver()
    row.refresh_from_db()
    assert (row.state, row.provider_reference) == ("sending", "")
    lost(row.pk)
    send()
    row.refresh_from_db()
    assert (row.state, row.losses) == ("sent", 1)
    assert element.reads(room).count("une seule fois") == 1


def test_the_worker_that_listens_is_killed_between_two(room, element, monkeypatch):
    element.write(room, "premier")
    element.write(room, "second")
    with monkeypatch.context() as patch:
        patch.setattr(chats, "code_in", lambda told: "" if "premier" in told.body else 1 / 0)
        real = chatting.log.error
        patch.setattr(chatting.log, "error", lambda *words: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            hear()
        assert real
    hear()
    hear()
    assert [row.body for row in Received.objects.order_by("came_at", "id")] == ["premier", "second"]


@pytest.mark.either
def test_who_leaves_is_written_to_another_way(room, element, youssef, message, client, organisation):
    element.leave(room)
    row = message("a", channel="matrix", to=str(youssef.person.pk), body="ailleurs")
    send()
    row.refresh_from_db()
    assert (row.channel, row.state, row.to) == ("email", "sent", "youssef@example.org")
    assert row.tried_by == "matrix"
    assert ChatLink.objects.get().dead_at is not None
    assert "Plus rien n’y arrive" in client.get(CHATS).content.decode()
    # The next one does not try.
    later = write(organisation=organisation, letter=Letter(youssef.person, "heard", "k"))
    assert later.channel == "email"


@pytest.mark.either
def test_leaving_is_heard_before_anything_is_sent(room, element, ours):
    element.leave(room)
    hear()
    assert ChatLink.objects.get().dead_at is not None
    assert room not in ours.do("GET", "joined_rooms")["joined_rooms"]


@pytest.mark.either
def test_a_stranger_is_answered_once_and_is_nobody(ours, synapse, names, tuesday):
    stranger = synapse.user(names("stranger"))
    there = stranger.do(
        "POST", "createRoom", {"is_direct": True, "preset": "trusted_private_chat", "invite": [ours.name]}
    )
    room, people = there["room_id"], Person.objects.count()
    hear()
    for words in ("bonjour", "il y a quelqu'un ?", "CDFG 3467", "\u202e" + "x" * 9000):
        stranger.write(room, words)
    stranger.write(room, "x.jpg", msgtype="m.image", url="mxc://localhost/x")
    hear()
    assert sum(words.startswith("Personne ne lit") for words in stranger.reads(room)) == 1
    assert sum(words.startswith("Ce code") for words in stranger.reads(room)) == 1
    assert (Person.objects.count(), Received.objects.count()) == (people, 0)


@pytest.mark.either
def test_a_group_and_a_sealed_room(ours, synapse, names, element):
    group = element.do("POST", "createRoom", {"invite": [ours.name]})["room_id"]
    sealed = element.do(
        "POST",
        "createRoom",
        {
            "is_direct": True,
            "preset": "trusted_private_chat",
            "invite": [ours.name],
            "initial_state": [
                {
                    "type": "m.room.encryption",
                    "state_key": "",
                    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
                }
            ],
        },
    )["room_id"]
    hear()
    joined = ours.do("GET", "joined_rooms")["joined_rooms"]
    assert group not in joined
    assert sealed in joined
    path = f"rooms/{sealed}/send/m.room.encrypted/1"
    element.do("PUT", path, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "x"})
    hear()
    (said,) = element.reads(sealed)
    assert "chiffré" in said


@pytest.mark.either
def test_edits_answers_pictures_and_machines(room, element):
    first = element.write(room, "j'arrive")
    edit = {"m.new_content": {"msgtype": "m.text", "body": "non"}}
    element.write(room, "* non", **edit, **{"m.relates_to": {"rel_type": "m.replace", "event_id": first}})
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": first}}}
    element.write(room, "> <@line:localhost> Courses, Ixelles\n> oui ou non\n\nà demain", **reply)
    element.write(room, "I am a machine", msgtype="m.notice")
    element.write(room, "cat.jpg", msgtype="m.image", url="mxc://localhost/cat")
    element.write(room, "cat.jpg", msgtype="m.image", url="mxc://localhost/cat")
    element.write(room, "nul\x00 et \u202eà l'envers")
    hear()
    assert [row.body for row in Received.objects.order_by("came_at", "id")] == [
        "j'arrive", "à demain", "nul et \u202eà l'envers",
    ]  # fmt: skip
    assert sum("que du texte" in words for words in element.reads(room)) == 1


@pytest.mark.either
def test_a_third_one_in_the_room_is_not_the_volunteer(ours, room, element, synapse, names):
    third = synapse.user(names("third"))
    with pytest.raises(OSError, match="403"):
        element.do("POST", f"rooms/{room}/invite", {"user_id": third.name})
    ours.do("POST", f"rooms/{room}/invite", {"user_id": third.name})
    third.join(room)
    third.write(room, "STOP")
    hear()
    assert Received.objects.count() == 0
    third.leave(room)
    hear()
    assert ChatLink.objects.get().dead_at is None
    element.write(room, "bonjour")
    hear()
    assert Received.objects.get().body == "bonjour"


@pytest.mark.either
def test_a_code_is_good_once_and_for_a_while(tuesday, ours, element, youssef, nadia, synapse, names):
    code = chats.new_code(person=youssef.person, channel="matrix", invite=element.name)
    hear()
    (room,) = element.invitations()
    element.join(room)
    clock.advance(chats.CODE_LIVES)
    element.write(room, code)
    hear()
    assert not ChatLink.objects.exists()
    assert "Ce code n’est plus valable" in element.reads(room)[-1]
    code = chats.new_code(person=youssef.person, channel="matrix", invite=element.name)
    element.write(room, code)
    element.write(room, code)
    hear()
    assert ChatLink.objects.get().person == youssef.person
    other = chats.new_code(person=nadia.person, channel="matrix", invite=element.name)
    element.write(room, other)
    hear()
    assert ChatLink.objects.get().person == nadia.person


@pytest.mark.either
def test_a_busy_server_is_not_written_down_each_time(ours, monkeypatch):
    (provider,) = bots()
    said = {"next_batch": "s2"}
    monkeypatch.setattr(provider, "_call", lambda *_: said)
    monkeypatch.setattr(matrix, "_keep_at", float("inf"))
    assert list(provider.listen("s1")) == []
    assert list(provider.listen("")) == [heard.Position("s2")]
    monkeypatch.setattr(matrix, "_keep_at", 0.0)
    assert list(provider.listen("s1")) == [heard.Position("s2")]
    monkeypatch.setattr(matrix, "_keep_at", float("inf"))
    # Whatever it says, nothing breaks, and what is ours is found in it.
    for odd in (
        [],
        {"join": []},
        {"join": {"!r": []}, "invite": {"!r": {"invite_state": {"events": [4, {}]}}}},
    ):
        said = {"next_batch": "s3", "rooms": odd}
        assert [each for each in provider.listen("s1") if each != heard.Position("s3")] == []
    events = [
        None,
        {},
        {"sender": 4},
        {"sender": "@a:b", "event_id": "$1", "type": "m.room.message", "content": []},
    ]
    said = {"next_batch": "s4", "rooms": {"join": {"!r": {"timeline": {"events": events}}}}}
    assert list(provider.listen("s1")) == [heard.Position("s4")]
    for wrong in ({}, {"next_batch": 4}):
        said = wrong
        with pytest.raises(NotSent):
            list(provider.listen("s1"))


@pytest.mark.either
def test_what_the_check_says(ours, settings, synapse):
    (provider,) = bots()
    provider.is_there()
    settings.MATRIX = f"{synapse.url}?user=@other:localhost&token={ours.token}"
    with pytest.raises(NotSent, match=ours.name):
        bots()[0].is_there()
    settings.MATRIX = f"{synapse.url}?user={ours.name}&token=wrong-token"
    with pytest.raises(NotSent, match="M_UNKNOWN_TOKEN"):
        bots()[0].is_there()
    before = ChatFeed.objects.get().position
    hear()
    assert ChatFeed.objects.get().position == before
