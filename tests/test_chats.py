"""What comes from chats: links, buttons, words, strangers; and a worker that dies while it listens."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from quartier.audit.models import Entry
from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging import chats, chatting, incoming
from quartier.messaging.actions import Letter, write
from quartier.messaging.models import ChatFeed, ChatLink, Message, Received
from quartier.messaging.providers import bots, heard
from quartier.messaging.tests import conftest, telegram_api
from quartier.messaging.tests.telegram_api import STRANGER, YOUSSEF, BotApi, hangs_up, send
from quartier.people.models import Person
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]
CHATS = "/fr/volunteer/chats/"
NO = BotApi.no
api, chat, linked, message = conftest.api, conftest.chat, conftest.linked, conftest.message


def hear():
    """One worker listens once, and what came is understood."""
    telegram_api.hear()
    while conversation.take_next():
        pass


def test_from_the_link_to_the_visit(tuesday, api, youssef, asked, client):
    client.force_login(youssef.person.account)
    assert "Pas encore prêt" in client.get(CHATS).content.decode()
    hear()
    page = client.post(CHATS, {"do": "link", "channel": "telegram"}, follow=True).content.decode()
    start = page.partition("https://t.me/quartier_bot?start=")[2].partition('"')[0]
    api.writes(YOUSSEF, f"/start {start}")
    hear()
    assert "cette conversation est reliée" in api.words(YOUSSEF)[0]
    assert "Nadia" in client.get(CHATS).content.decode()

    request = asked("groceries", urgency="day").requests[0]
    matching.send_wave(request_id=request.pk)
    send()
    offer = Message.objects.get(template="offer")
    assert (offer.channel, offer.state, offer.cost, offer.provider) == (
        "telegram",
        "delivered",
        0,
        "telegram",
    )
    said = api.sent[-1]
    assert said["text"] == offer.body
    assert said["link_preview_options"] == {"is_disabled": True}
    (yes, no) = said["reply_markup"]["inline_keyboard"][0]
    assert (yes["text"], no["text"]) == ("Oui", "Non")
    assert (yes["callback_data"], no["callback_data"]) == (
        f"OUI {offer.answer_code}",
        f"NON {offer.answer_code}",
    )

    api.presses(YOUSSEF, yes["callback_data"])
    hear()
    assert [each["text"] for each in api.answered] == ["Nous avons votre réponse."]
    assert Assignment.objects.get().volunteer == youssef
    send()
    accepted = Message.objects.get(template="accepted")
    assert (accepted.channel, accepted.state) == ("telegram", "delivered")
    assert api.words(YOUSSEF)[-1] == accepted.body
    # Pressed once more, it says so and changes nothing.
    api.presses(YOUSSEF, yes["callback_data"])
    hear()
    assert Assignment.objects.count() == 1
    assert Message.objects.filter(template="reply_yours").exists()


@pytest.mark.parametrize("words", ["oui {}", "OUI {} j'arrive", "👍 {}", "ja {}", "yes {}"])
def test_typed_instead_of_pressed(linked, api, youssef, asked, words):
    matching.send_wave(request_id=asked("groceries", urgency="day").requests[0].pk)
    send()
    number = Message.objects.get(template="offer").answer_code
    api.writes(YOUSSEF, words.format(number))
    hear()
    assert Assignment.objects.get().volunteer == youssef


def test_no_and_stop(linked, api, youssef, asked, organisation):
    matching.send_wave(request_id=asked("groceries", urgency="day").requests[0].pk)
    send()
    api.presses(YOUSSEF, f"NON {Message.objects.get(template='offer').answer_code}")
    hear()
    send()
    assert not Assignment.objects.exists()
    assert "noté" in api.words(YOUSSEF)[-1]
    api.writes(YOUSSEF, "/stop")
    hear()
    send()
    assert "START" in api.words(YOUSSEF)[-1]
    assert write(organisation=organisation, letter=Letter(youssef.person, "heard", "k")) is None
    youssef.refresh_from_db()
    assert youssef.state == "paused"


def test_blocking_is_heard(linked, api):
    api.blocks(YOUSSEF)
    hear()
    assert ChatLink.objects.get().dead_at is not None


def test_duplicates_and_disorder(linked, api):
    api.writes(YOUSSEF, "deux", date=1799748001)
    api.writes(YOUSSEF, "trois", date=1799748002)
    two, three = api._updates[-2:]
    api._updates[-2:] = [three, two, two]
    hear()
    assert [row.body for row in Received.objects.order_by("came_at", "id")] == ["deux", "trois"]
    # Told once more: nobody has confirmed them, as far as it knows.
    api._updates = [two, three]
    hear()
    assert Received.objects.count() == 2


def test_after_a_quiet_week_it_counts_from_somewhere_else(linked, api):
    writer = {"id": YOUSSEF, "is_bot": False}
    said = {
        "message_id": 3,
        "date": 1,
        "text": "tôt",
        "chat": {"id": YOUSSEF, "type": "private"},
        "from": writer,
    }
    api.comes(update_id=5, message=said)
    hear()
    assert [row.body for row in Received.objects.all()] == ["tôt"]


def test_nothing_is_lost_when_the_worker_is(linked, api, monkeypatch):
    api.writes(YOUSSEF, "un")
    api.writes(YOUSSEF, "deux")
    real = chatting.take

    def dies(provider, told):
        if told.body == "deux":
            raise SystemExit
        return real(provider, told)

    with monkeypatch.context() as patch:
        patch.setattr(chatting, "take", dies)
        with pytest.raises(SystemExit):
            hear()
    # Another one takes over once the lease has run out.
    monkeypatch.setattr(chatting, "_tokens", {})
    hear()
    assert [row.body for row in Received.objects.all()] == ["un"]
    ChatFeed.objects.update(claimed_until=Now() - timedelta(seconds=1))
    hear()
    assert [row.body for row in Received.objects.order_by("came_at", "id")] == ["un", "deux"]


@pytest.mark.parametrize(
    "mood",
    [
        (500, b""),
        (200, b"garbage"),
        (200, {"ok": True, "result": {}}),
        (409, NO(409, "Conflict")),
        (429, b""),
        hangs_up,
    ],
)
def test_listening_fails_and_goes_on_later(linked, api, mood):
    api.writes(YOUSSEF, "bonjour")
    api.moods["getUpdates"] = [mood]
    hear()
    count = api.calls.count("getUpdates")
    hear()
    assert api.calls.count("getUpdates") == count, "left alone for a while"
    ChatFeed.objects.update(claimed_until=Now() - timedelta(seconds=1))
    hear()
    assert Received.objects.count() == 1


def test_whatever_is_in_an_update(linked, api):
    people = Person.objects.count()
    api._updates += [{"update_id": "x", "message": {}}]
    for message in (
        None, [], 4, {}, {"chat": None}, {"chat": {"id": "4001", "type": "private"}}, {"chat": {"id": YOUSSEF}},
        {"chat": {"id": YOUSSEF, "type": "private"}, "text": 4, "from": []},
        {"chat": {"id": YOUSSEF, "type": "private"}, "text": "date", "date": 10**18, "from": {"username": 4}},
    ):  # fmt: skip
        api.comes(message=message)
    for pressed in (None, {}, {"id": 4}, {"id": "x", "data": "OUI 42"}, {"id": "y", "message": {"chat": {}}}):
        api.comes(callback_query=pressed)
    api.comes(my_chat_member={"chat": {"id": YOUSSEF, "type": "private"}, "new_chat_member": "gone"})
    api.writes(-100, "STOP", kind="supergroup")
    api.writes(YOUSSEF, "I am a robot", robot=True)
    api.writes(YOUSSEF, "nul\x00 et \u202eenvers " + "x" * 10_000)
    api.writes(YOUSSEF, None, sticker={})
    api.writes(YOUSSEF, None, photo=[], caption="ma photo")
    api.writes(YOUSSEF, None, voice={})
    hear()
    bodies = [row.body for row in Received.objects.order_by("came_at", "id")]
    assert [body[:10] for body in bodies] == ["date", "nul et \u202een", "ma photo"]
    assert all(len(body) <= 4000 for body in bodies)
    assert sum("que du texte" in words for words in api.words(YOUSSEF)) == 1
    assert Person.objects.count() == people
    assert not Received.objects.filter(meaning="stop").exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Personne ne lit"), ("nl-BE", "Niemand leest"), ("de", "Was hier"), ("tr", "Personne")],
)
def test_a_stranger_is_answered_once_in_their_language(tuesday, api, organisation, language, words):
    people = Person.objects.count()
    for text in ("/start", "au secours", "STOP", "/start nothing-of-ours", "oui 42"):
        api.writes(STRANGER, text, language=language)
    hear()
    first, second = api.words(STRANGER)
    assert first.startswith(words)
    assert "0800" in first
    assert "https" not in second
    assert (Person.objects.count(), Received.objects.count()) == (people, 0)


def test_codes_are_not_guessed(tuesday, api, youssef):
    code = chats.new_code(person=youssef.person, channel="telegram")
    for number in range(chatting.CODES + 3):
        api.writes(STRANGER, f"/start guess-number-{number}")
    api.writes(STRANGER, f"/start {code}")
    hear()
    assert not ChatLink.objects.exists()
    assert len(api.words(STRANGER)) == chatting.CODES + 1


def test_a_code_is_good_once_for_a_while_and_the_last_one_counts(tuesday, api, youssef, nadia):
    first = chats.new_code(person=youssef.person, channel="telegram")
    second = chats.new_code(person=youssef.person, channel="telegram")
    api.writes(YOUSSEF, f"/start {first}")
    hear()
    assert not ChatLink.objects.exists()
    clock.advance(chats.CODE_LIVES)
    api.writes(YOUSSEF, f"/start {second}")
    hear()
    assert not ChatLink.objects.exists()
    third = chats.new_code(person=youssef.person, channel="telegram")
    api.writes(YOUSSEF, f"/start {third}")
    hear()
    assert ChatLink.objects.get().person == youssef.person
    # Another one who has found it later gets nothing.
    api.writes(STRANGER, f"/start {third}")
    hear()
    assert ChatLink.objects.get().person == youssef.person
    # The same chat for somebody else: it is theirs from now on; a new chat takes the place of the old one.
    api.writes(YOUSSEF, f"/start {chats.new_code(person=nadia.person, channel='telegram')}")
    hear()
    assert ChatLink.objects.get().person == nadia.person
    api.writes(STRANGER, f"/start {chats.new_code(person=nadia.person, channel='telegram')}")
    hear()
    assert ChatLink.objects.get().address == str(STRANGER)
    assert (
        list(Entry.objects.filter(verb__startswith="chat.").values_list("verb", flat=True))
        == ["chat.link"] * 3
    )


def test_taking_it_away_and_leaving(linked, api, youssef, client, organisation, chat):
    client.force_login(youssef.person.account)
    waiting = chat()
    client.post(CHATS, {"do": "take", "channel": "telegram"}, follow=True)
    assert not ChatLink.objects.exists()
    send()
    waiting.refresh_from_db()
    assert (waiting.channel, waiting.state) == ("email", "sent")
    code = chats.new_code(person=youssef.person, channel="telegram")
    api.writes(YOUSSEF, f"/start {code}")
    hear()
    open_code = chats.new_code(person=youssef.person, channel="telegram")
    client.post("/fr/volunteer/leave/")
    assert not ChatLink.objects.exists()
    api.writes(YOUSSEF, f"/start {open_code}")
    hear()
    assert not ChatLink.objects.exists()


def test_idle_listening_writes_nothing(linked, api, django_assert_num_queries):
    hear()
    with django_assert_num_queries(1):
        chatting.listen(bots()[0])


def test_another_bot_counts_anew(linked, api, monkeypatch):
    api.writes(YOUSSEF, "bonjour")
    hear()
    ChatFeed.objects.update(handle="older_bot", position="999999")
    monkeypatch.setattr(chatting, "_named", set())
    api.writes(YOUSSEF, "encore")
    hear()
    assert ChatFeed.objects.get().handle == "quartier_bot"
    assert Received.objects.count() == 2


def test_the_page_asks_little_and_refuses_nonsense(
    linked, youssef, nadia, client, settings, django_assert_max_num_queries
):
    client.force_login(youssef.person.account)
    client.get(CHATS)
    with django_assert_max_num_queries(9):
        assert client.get(CHATS).status_code == 200
    for words in ({}, {"do": "link"}, {"do": "link", "channel": "sms"}, {"do": "x", "channel": "telegram"}):
        assert client.post(CHATS, words).status_code == 404
    # Taking away what is not there, and twice, is answered.
    for _again in range(2):
        answer = client.post(CHATS, {"do": "take", "channel": "telegram"})
        assert (answer.status_code, answer["Location"]) == (302, CHATS)
    assert client.get("/fr/volunteer/").content.count(b"/fr/volunteer/chats/") == 1
    settings.TELEGRAM = ""
    assert client.get(CHATS).status_code == 404
    assert b"/volunteer/chats/" not in client.get("/fr/volunteer/").content


def test_not_any_number_of_codes(api, tuesday, youssef, client):
    hear()
    client.force_login(youssef.person.account)
    led = [client.post(CHATS, {"do": "link", "channel": "telegram"})["Location"] for _ in range(12)]
    assert [each.rpartition("?")[2] for each in led] == ["code=1"] * 10 + ["again=1"] * 2
    assert "Réessayez dans une heure" in client.get(led[-1]).content.decode()


def test_words_during_a_visit_go_through_and_back(linked, api, youssef, asked, organisation):
    """Youssef goes to Marie, and writes in his chat; she answers by mail."""
    matching.send_wave(request_id=asked("groceries", urgency="day").requests[0].pk)
    send()
    api.presses(YOUSSEF, f"OUI {Message.objects.get(template='offer').answer_code}")
    hear()
    api.writes(YOUSSEF, "Je serai là dans dix minutes")
    hear()
    send()
    relayed = Message.objects.get(template="relay")
    assert (relayed.channel, relayed.person.name) == ("email", "Marie Peeters")
    answer = heard.Incoming("m1", "email", "marie@example.org", "La porte est ouverte", clock.now())
    incoming.received(organisation, "email", answer)
    hear()
    send()
    back = Message.objects.filter(template="relay").exclude(pk=relayed.pk).get()
    assert (back.channel, back.state) == ("telegram", "delivered")
    assert "La porte est ouverte" in api.words(YOUSSEF)[-1]


def test_what_the_team_sees_and_answers(linked, api, youssef, client, lotte):
    api.writes(YOUSSEF, "Ma voiture est en panne cette semaine")
    hear()
    client.force_login(lotte)
    page = client.get("/fr/console/written/").content.decode()
    assert "Ma voiture est en panne" in page
    assert "Telegram" in page
    row = Received.objects.get()
    words = {"do": "answer", "words": "Merci de le dire.", "once": str(row.pk)}
    client.post(f"/fr/console/written/{row.to_read.pk}/", words)
    send()
    assert "Merci de le dire." in api.words(YOUSSEF)[-1]
