"""Somebody else calls for some days: who fits, one press, who is told, what they see, and that it is over by itself."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from quartier.companions import access, actions, queries
from quartier.companions.actions.pairing import Ending
from quartier.companions.actions.standing_in import Days
from quartier.companions.models import Entry, Pairing, StandIn
from quartier.companions.rules import NotPossible
from quartier.companions.tests import scene
from quartier.lib import choices, clock
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
SECRET = "sa soeur ne lui parle plus"


def sent(template):
    return Message.objects.filter(template=template).count()


def opened(account):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(account)
    return client


@pytest.fixture
def paul(listener):
    return listener("Paul")


@pytest.fixture
def told(hadija, running):
    """The notebook holds something, and she can be written to."""
    actions.write_note(actor=of_account(hadija.account), pairing=running, words=SECRET)
    person = running.wish.person
    person.channel, person.email, person.email_index = "email", "marie@example.org", "m" * 43
    person.save()
    return running


def test_only_who_fits_can_be_asked(amina, hadija, running, listener, paul):
    dutch = listener("Griet", languages=choices.mask(choices.LANGUAGES, ["nl"]))
    away, late = listener("Jan"), listener("Els")
    actions.go_away(actor=of_account(amina), listener=away)
    late.trained_until = clock.now().date() - timedelta(days=1)
    late.save()
    assert [each.listener for each in queries.stand_ins(running)] == [paul]
    for one in (hadija, dutch, away, late):
        with pytest.raises(NotPossible):
            scene.instead(amina, running, one)


def test_asked_in_one_press_she_is_told_and_it_is_over_by_itself(amina, hadija, told, paul, pass_time):
    today = clock.now().date()
    page = reverse("companion", args=[told.pk])
    form = {"do": "instead", "first": today, "last": today + timedelta(days=2), "note": "Parlez fort."}
    assert opened(amina).post(page, form | {"listener": paul.pk}).status_code == 302
    row = StandIn.objects.get()
    assert sent("companion_instead_asked") == 1
    where = reverse("listen_instead", args=[row.pk])
    asked = opened(paul.account).get(where).content.decode()
    assert "Marie" not in asked
    assert "Parlez fort" not in asked
    opened(paul.account).post(where, {"do": "yes"})
    row.refresh_from_db()
    assert row.told_at
    assert (sent("companion_instead"), sent("companion_instead_yes")) == (1, 1)
    seen = opened(paul.account).get(where).content.decode()
    assert "Marie" in seen
    assert "Parlez fort" in seen
    assert SECRET not in seen
    assert queries.overview(told.organisation)[0].instead == row
    # Until the end of the last day, and not an hour longer; then what was handed over is gone.
    pass_time(hours=60)
    assert opened(paul.account).get(where).status_code == 200
    pass_time(hours=10)
    for method in ("get", "post"):
        assert getattr(opened(paul.account), method)(where, {"do": "note", "words": "x"}).status_code == 404
    assert queries.overview(told.organisation)[0].instead is None
    actions.end_past(clock.now() + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, row.note) == ("ended", "")


def test_the_stand_in_reads_nothing_and_can_leave_a_note(amina, hadija, told, paul):
    row = scene.instead(amina, told, paul)
    actor = of_account(paul.account)
    assert not access.reads(actor, told)
    assert access.notebook(actor, told) is None
    with pytest.raises(Http404):
        access.own_pairing(actor, told.pk)
    for name in ("listen_pairing", "listen_services"):
        assert opened(paul.account).get(reverse(name, args=[told.pk])).status_code == 404
    where = reverse("listen_instead", args=[row.pk])
    opened(paul.account).post(where, {"do": "note", "words": "Elle va bien"})
    entry = Entry.objects.get(author=paul.account)
    assert "Elle va bien" not in entry.sealed
    assert "Elle va bien" not in opened(paul.account).get(where).content.decode()
    note = access.notebook(of_account(hadija.account), told).notes[0]
    assert (note.words, note.author) == ("Elle va bien", "Paul")


def test_nobody_but_the_one_who_was_asked_opens_it(amina, hadija, told, paul, listener):
    row = scene.instead(amina, told, paul, yes=False)
    where = reverse("listen_instead", args=[row.pk])
    for account in (hadija.account, listener("Griet").account):
        for method in ("get", "post"):
            assert getattr(opened(account), method)(where, {"do": "yes"}).status_code == 404
    with pytest.raises(Http404):
        actions.answer_stand_in(actor=of_account(hadija.account), stand_in=row, yes=True)


def test_before_the_yes_and_before_the_first_day_nothing_is_called(amina, told, paul):
    today = clock.now().date()
    row = actions.ask_stand_in(
        actor=of_account(amina), pairing=told, listener_id=paul.pk,
        days=Days(today + timedelta(days=1), today + timedelta(days=3)),
    )  # fmt: skip
    where, talk = reverse("listen_instead", args=[row.pk]), told.talks.order_by("at").first()
    for _when in ("asked", "accepted"):
        response = opened(paul.account).post(where, {"do": "spoken", "talk": talk.pk})
        assert response.status_code == 404
        actions.answer_stand_in(actor=of_account(paul.account), stand_in=row, yes=True)


def test_the_line_and_the_reminder_are_for_who_calls_on_this_day(
    settings, amina, hadija, told, paul, pass_time
):
    from quartier.telephony.models import Masked

    settings.LINE_WSS = "wss://line.example.org"
    for account in (hadija.account, paul.account):
        Person.objects.filter(account=account).update(phone_index=str(account.pk)[:43])
    row = scene.instead(amina, told, paul, last=0)
    talk = told.talks.order_by("at").first()
    pass_time(hours=3)
    opened(paul.account).post(reverse("listen_instead", args=[row.pk]), {"do": "call", "talk": talk.pk})
    masked = Masked.objects.get(ended_at=None)
    assert masked.helper_id == paul.account.person.pk
    # The last day is over before a day has passed since the call.
    assert masked.until - talk.at < timedelta(hours=10)
    pass_time(hours=3, minutes=1)
    reminder = Message.objects.get(template="companion_remind")
    assert reminder.person_id == paul.account.person.pk


def test_not_reached_and_a_worry_count_as_for_her_listener(amina, told, paul, pass_time):
    row = scene.instead(amina, told, paul)
    where, talk = reverse("listen_instead", args=[row.pk]), told.talks.order_by("at").first()
    pass_time(hours=4)
    opened(paul.account).post(where, {"do": "not_reached", "talk": talk.pk})
    opened(paul.account).post(where, {"do": "worry"})
    talk.refresh_from_db()
    assert talk.state == "not_reached"
    assert told.signs.get().what == "worry"


def test_what_was_not_said_before_their_days_does_not_stand_in_the_way(amina, told, paul, pass_time):
    pass_time(hours=16)  # tomorrow at two; the call of today was not made
    row = scene.instead(amina, told, paul)
    talk = queries.next_talk_of(row)
    assert talk.at.date() == clock.now().date()
    before = told.talks.order_by("at").first()
    where = reverse("listen_instead", args=[row.pk])
    assert opened(paul.account).post(where, {"do": "spoken", "talk": before.pk}).status_code == 404


def test_a_no_asks_the_supervisor_for_somebody_else(amina, told, paul, listener):
    row = scene.instead(amina, told, paul, yes=False)
    with pytest.raises(NotPossible):
        scene.instead(amina, told, listener("Griet"))
    actions.answer_stand_in(actor=of_account(paul.account), stand_in=row, yes=False)
    assert sent("companion_instead_no") == 1
    assert scene.instead(amina, told, listener("Els")).state == "accepted"


def test_the_listener_asks_for_it_herself_and_comes_back_early(hadija, told, paul):
    today = clock.now().date()
    form = {"do": "instead", "first": today, "last": today + timedelta(days=6), "listener": paul.pk}
    opened(hadija.account).post(reverse("listen_pairing", args=[told.pk]), form)
    row = StandIn.objects.get()
    actions.answer_stand_in(actor=of_account(paul.account), stand_in=row, yes=True)
    actor = of_account(hadija.account)
    actions.go_away(actor=actor, listener=hadija)
    actions.come_back(actor=actor, listener=hadija)
    row.refresh_from_db()
    assert row.state == "ended"
    assert sent("companion_instead_over") == 1


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-5, -3), (2, 1), (0, 60), (90, 91)])
def test_days_that_nobody_can_mean_are_refused(amina, told, paul, first, last):
    today = clock.now().date()
    days = Days(today + timedelta(days=first), today + timedelta(days=last))
    with pytest.raises(NotPossible):
        actions.ask_stand_in(actor=of_account(amina), pairing=told, listener_id=paul.pk, days=days)
    form = {"do": "instead", "first": days.first, "last": days.last, "note": "Fort", "listener": paul.pk}
    response = opened(amina).post(reverse("companion", args=[told.pk]), form)
    assert response.status_code == 422
    assert "Fort" in response.content.decode()


def test_it_ends_with_the_calls_and_with_the_notebook(amina, told, paul):
    row = scene.instead(amina, told, paul)
    actions.end(actor=of_account(amina), pairing=told, ending=Ending(Pairing.Why.PERSON))
    row.refresh_from_db()
    assert row.state == "ended"
    actions.erase(actor=of_account(amina), person=told.wish.person)
    assert not StandIn.objects.exists()


def test_who_cannot_be_written_to_is_told_by_phone(amina, running, paul):
    Person.objects.filter(pk=running.wish.person_id).update(channel="call")
    row = scene.instead(amina, running, paul)
    assert row.told_at is None
    page = reverse("companion", args=[running.pk])
    assert "tell them by phone who will call" in opened(amina).get(page).content.decode()
    opened(amina).post(page, {"do": "told"})
    row.refresh_from_db()
    assert row.told_at


def test_who_cannot_is_not_asked_again_for_these_days(amina, running, listener, paul):
    griet, today = listener("Griet"), clock.now().date()
    scene.instead(amina, running, paul)
    actions.end_stand_in(actor=of_account(paul.account), pairing=running)
    assert [each.listener for each in queries.stand_ins(running)] == [griet]
    row = actions.ask_stand_in(
        actor=of_account(amina), pairing=running, listener_id=griet.pk, days=Days(today, today)
    )
    actions.answer_stand_in(actor=of_account(griet.account), stand_in=row, yes=False)
    assert not queries.stand_ins(running)
    with pytest.raises(NotPossible):
        scene.instead(amina, running, griet)
    yesterday = today - timedelta(days=1)
    StandIn.objects.update(first_day=yesterday, last_day=yesterday)
    assert {each.listener for each in queries.stand_ins(running)} == {paul, griet}
