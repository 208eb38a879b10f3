"""Telegram, against a stand-in that misbehaves in every way that we know."""

import time
from datetime import timedelta

import pytest
from django.utils import translation

from quartier.lib import clock
from quartier.messaging import actions, rules, sign_in_letters
from quartier.messaging.actions import Letter, ways_to, write
from quartier.messaging.models import ChatLink, ProviderState
from quartier.messaging.providers import bots, faulty_chats, matrix, telegram
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.chat import NotABot
from quartier.messaging.providers.http import asking
from quartier.messaging.rules import Outcome
from quartier.messaging.tests.telegram_api import (
    TOKEN,
    YOUSSEF,
    BotApi,
    cut_off,
    hangs,
    hangs_up,
    hear,
    send,
)
from quartier.people.codes import new_code

pytestmark = pytest.mark.django_db
CHATS = "/fr/volunteer/chats/"


NOT_NOW, NEVER, PERHAPS = Outcome.LATER, Outcome.REFUSED, Outcome.UNKNOWN
NO = BotApi.no


@pytest.mark.parametrize(
    ("mood", "outcome", "unreachable", "wait"),
    [
        ((500, NO(500, "Internal Server Error")), PERHAPS, False, None),
        ((502, b"<html>bad gateway"), PERHAPS, False, None),
        ((503, b""), NOT_NOW, True, None),
        ((429, NO(429, "Too Many Requests", retry_after=37)), NOT_NOW, True, 37),
        ((429, NO(429, "Too Many Requests", retry_after=10**9)), NOT_NOW, True, 86_400),
        ((429, NO(429, "Too Many Requests", retry_after="soon")), NOT_NOW, True, None),
        ((429, b"slow down"), NOT_NOW, True, None),
        ((200, NO(429, "Too Many Requests", retry_after=5)), NOT_NOW, True, 5),
        ((401, NO(401, "Unauthorized")), NOT_NOW, True, None),
        ((404, NO(404, "Not Found")), NOT_NOW, True, None),
        ((302, b""), NOT_NOW, True, None),
        ((400, NO(400, "Bad Request: message is too long")), NEVER, False, None),
        ((200, NO(400, "Bad Request: text must be non-empty")), NEVER, False, None),
        ((200, {"ok": False}), NOT_NOW, False, None),
        ((200, {"ok": False, "error_code": True}), NOT_NOW, False, None),
        ((200, {"ok": True}), PERHAPS, False, None),
        ((200, {"ok": True, "result": {"message_id": True}}), PERHAPS, False, None),
        ((200, {"ok": 1, "result": {"message_id": 4}}), PERHAPS, False, None),
        ((200, b'{"ok": true, "result": {"mess'), PERHAPS, False, None),
        ((200, b""), PERHAPS, False, None),
        ((200, b"[]"), PERHAPS, False, None),
        ((200, b"[" * 60_000), PERHAPS, False, None),
        ((200, b"\x00\xff\x02"), PERHAPS, False, None),
        ((408, b""), PERHAPS, False, None),
        (cut_off, PERHAPS, False, None),
        (hangs, PERHAPS, False, None),
        (hangs_up, PERHAPS, False, None),
    ],
)
def test_whatever_it_answers(chat, api, monkeypatch, mood, outcome, unreachable, wait):
    monkeypatch.setattr(asking, "WHOLE_S", 0.6)
    api.moods["sendMessage"] = [mood]
    row, (provider,) = chat(), bots()
    began = time.monotonic()
    receipt = provider.deliver(row)
    assert time.monotonic() - began < 1.4
    assert (receipt.outcome, receipt.unreachable) == (outcome, unreachable), receipt
    assert receipt.wait == (None if wait is None else timedelta(seconds=wait))
    assert TOKEN not in receipt.error
    assert str(YOUSSEF) not in receipt.error
    assert ChatLink.objects.get().dead_at is None


@pytest.mark.parametrize(
    "mood",
    [(403, NO(403, "Forbidden: user is deactivated")), (400, NO(400, "Bad Request: chat not found")), None],
)
def test_a_chat_that_is_over_goes_another_way(chat, api, client, youssef, mood, organisation):
    if mood is None:
        api.blocks(YOUSSEF, told=False)
    else:
        api.moods["sendMessage"] = [mood]
    row = chat()
    send()
    row.refresh_from_db()
    assert (row.channel, row.state, row.tried_by, row.to) == (
        "email",
        "sent",
        "telegram",
        "youssef@example.org",
    )
    assert row.error == "" or "telegram" in row.error
    link = ChatLink.objects.get()
    assert link.dead_at is not None
    client.force_login(youssef.person.account)
    assert "Plus rien n’y arrive" in client.get(CHATS).content.decode()
    assert write(organisation=organisation, letter=Letter(youssef.person, "heard", "k")).channel == "email"
    # A word from there, and it lives again.
    api.blocked.clear()
    api.writes(YOUSSEF, "me revoilà")
    hear()
    assert ChatLink.objects.get().dead_at is None


def test_what_it_does_not_take_goes_by_mail(chat, api):
    row = chat()
    api.close()
    for _try in range(rules.PUSH_TRIES):
        send()
        clock.advance(timedelta(seconds=91))
    row.refresh_from_db()
    assert (row.channel, row.state, row.tried_by) == ("email", "sent", "telegram")
    # Once it has been away for minutes, nobody waits for it.
    away = {"failures": rules.GONE_AFTER, "broken_until": clock.now() + timedelta(minutes=1)}
    ProviderState.objects.filter(name="telegram").update(**away)
    later, unsure = chat("b"), chat("c", state="unknown")
    send()
    later.refresh_from_db()
    unsure.refresh_from_db()
    assert (later.channel, later.state) == ("email", "sent")
    assert (unsure.channel, unsure.state) == ("email", "sent")


def test_a_long_wait_is_not_waited_for(chat, api):
    api.moods["sendMessage"] = [(429, NO(429, "Too Many Requests", retry_after=600))]
    row = chat()
    send()
    row.refresh_from_db()
    assert (row.channel, row.state) == ("email", "sent")


def test_in_doubt_it_is_written_again_and_then_otherwise(chat, api):
    api.moods["sendMessage"] = [(500, b""), (200, b"half")]
    row = chat()
    before = len(api.sent)
    send()
    row.refresh_from_db()
    assert row.state == "unknown"
    for _try in range(2):
        clock.advance(timedelta(minutes=3))
        send()
    row.refresh_from_db()
    assert (row.state, row.channel, row.attempts) == ("delivered", "telegram", 3)
    assert len(api.sent) - before == 1


def test_order_of_ways(linked, youssef, organisation):
    person = youssef.person
    assert [way[0] for way in ways_to(person, "offer")] == ["telegram", "email"]
    # A code to sign in shows that the number or address is theirs.
    assert [way[0] for way in ways_to(person, "sign_in_code")] == ["email"]
    code = new_code(person=person)
    assert sign_in_letters.send_sign_in_code(person=person, code=code).channel == "email"
    assert actions.channel_to(person, push=True)[0] == "push"


def test_as_many_queries_for_one_as_for_many(
    linked, organisation, volunteer, django_assert_num_queries, settings
):
    people = [volunteer(f"V{number}").person for number in range(8)]

    def letters(some, key):
        return [Letter(person, "heard", f"{key}{at}") for at, person in enumerate(some)]

    actions.write_all(organisation=organisation, letters=letters(people[:1], "warm"))
    with django_assert_num_queries(5):
        actions.write_all(organisation=organisation, letters=letters(people[:1], "a"))
    with django_assert_num_queries(5):
        actions.write_all(organisation=organisation, letters=letters(people, "b"))
    settings.TELEGRAM = ""
    with django_assert_num_queries(4):
        actions.write_all(organisation=organisation, letters=letters(people, "c"))


def test_without_the_bot_its_messages_go_another_way(chat, settings):
    row = chat()
    settings.TELEGRAM = ""
    send()
    row.refresh_from_db()
    assert (row.channel, row.state) == ("email", "sent")


@pytest.mark.parametrize(
    ("parse", "written"),
    [
        *((telegram.parse, each) for each in ("x", "123:short", "https://api.example.org", "http://[::1")),
        *(
            (matrix.parse, each)
            for each in (
                "matrix.example.org", "https://", "https://m.example.org", "http://m.example.org?user=@a:b&token=12345678",
                "https://m.example.org?user=a&token=12345678", "https://m.example.org?user=@a:b.example", "https://m:x:y",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_no_bot(parse, written, settings):
    with translation.override("en"), pytest.raises(NotABot) as found:
        parse(written)
    assert str(found.value)
    setattr(settings, parse.__module__.rpartition(".")[2].upper(), written)
    assert bots() == []
    assert len(faulty_chats()) == 1


def test_what_is_one():
    assert telegram.parse("") is None
    assert telegram.parse(f" {TOKEN} ").api == "https://api.telegram.org"
    assert telegram.parse(f"http://{TOKEN}@127.0.0.1:8081").api == "http://127.0.0.1:8081"
    assert TOKEN not in repr(telegram.parse(TOKEN))
    assert matrix.parse("") is None
    found = matrix.parse("https://m.example.org/?user=@line:example.org&token=syt_bGluZQ")
    assert (found.server, found.user) == ("https://m.example.org", "@line:example.org")
    assert "syt" not in repr(found)


def test_what_the_check_says(api, settings):
    (provider,) = bots()
    provider.is_there()
    api.webhook = "https://elsewhere.example.org/"
    with translation.override("en"), pytest.raises(NotSent, match="webhook"):
        provider.is_there()
    settings.TELEGRAM = api.url.replace("AAH", "BBB")
    with pytest.raises(NotSent, match="401"):
        bots()[0].is_there()


def test_a_chat_has_its_place_in_an_order_of_ones_own(linked, organisation, youssef, tuesday):
    from quartier.people import wishes
    from quartier.team.access import system

    person = youssef.person
    assert actions.ways_of(person, "offer")[0][0] == "telegram"
    wishes.put_in_order(actor=system(organisation), person=person, order=["email", "telegram"])
    assert [code for code, _to in actions.ways_of(person, "offer")] == ["email", "telegram"]
    # A code is shown in no chat.
    assert [code for code, _to in actions.ways_of(person, "sign_in_code")] == ["email"]
    assert actions.try_way(person=person, channel="telegram").channel == "telegram"
