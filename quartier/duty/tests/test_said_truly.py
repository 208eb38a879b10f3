"""What people and the team read in a letter is so: the day of a visit, the first word about a lateness, for whom a
neighbour could be asked, and what a link leads to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from quartier.cases.models import Request
from quartier.duty import actions, jobs
from quartier.followup import actions as followup
from quartier.followup.actions.overdue import end_with_our_fault
from quartier.followup.queries.ladder import DoorVisit
from quartier.followup.rules import NOT_FINE
from quartier.followup.tests.conftest import ask, helped
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.messaging import rewording
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import link, of_account, system
from quartier.visits import actions as visits

__all__ = ["ask", "helped"]
pytestmark = pytest.mark.django_db
# In Brussels a quarter past eleven at night, and eight the next morning.
NIGHT = datetime(2027, 1, 11, 22, 14, tzinfo=UTC)
MORNING = datetime(2027, 1, 12, 7, 0, tzinfo=UTC)


def watch():
    while jobs.promises():
        pass


def goes(request, volunteer):
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=volunteer)
    return visits.accept_offer(actor=of_account(volunteer.person.account), offer=offer).assignment


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_of_whom_a_neighbour_did_not_meet_nobody_says_that_none_could_come(
    asked, youssef, thomas, tuesday, language
):
    start = tuesday + timedelta(hours=2)
    opened = asked(
        "dog",
        window_from=start,
        window_until=start + timedelta(hours=1),
        urgency="day",
        rhythm=rhythm.simple("day", start.date()),
    )
    person = opened.case.person
    person.language = language
    person.save()
    visits.open_due(clock.now())
    missed, following = opened.requests[0].series.requests.order_by("day")[:2]
    visit = goes(missed, youssef)
    actor = of_account(youssef.person.account)
    visits.on_my_way(actor=actor, assignment=visit)
    visits.could_not(actor=actor, assignment=visit, failure="nobody_home")
    goes(following, youssef)
    missed.refresh_from_db()
    clock.set_time(missed.window_until + timedelta(hours=2))
    followup.end_missed_days(clock.now())
    word = Message.objects.get(template="missed_day")
    assert "Youssef" in word.body
    for untrue in ("personne n’a pu venir", "kon niemand komen", "no one could come"):
        assert untrue not in f"{word.subject} {word.body}"
    # It says when the next time is.
    assert "13" in word.body


def test_whoever_a_neighbour_did_not_meet_is_asked_in_words_that_know_of_it(asked, youssef, thomas, tuesday):
    until = tuesday + timedelta(hours=3)
    opened = asked("dog", window_from=until - timedelta(hours=1), window_until=until, urgency="day")
    visit = goes(opened.requests[0], youssef)
    actor = of_account(youssef.person.account)
    visits.on_my_way(actor=actor, assignment=visit)
    visits.could_not(actor=actor, assignment=visit, failure="nobody_home")
    Promise.objects.all().delete()
    clock.set_time(until + timedelta(hours=1))
    assert followup.ask_overdue(clock.now()) == 1
    word = Message.objects.get(template="still_needed")
    assert "cela n’a pas pu se faire avec Youssef, et personne d’autre" in word.body
    assert "Le moment est passé" not in word.body


@pytest.mark.parametrize("ends", ["nobody_home", "unsaid"])
def test_of_a_lift_nobody_reads_that_a_neighbour_is_looked_for_at_once(asked, youssef, thomas, tuesday, ends):
    until = tuesday + timedelta(hours=3)
    opened = asked("transport", window_from=until - timedelta(hours=1), window_until=until, urgency="day")
    visit = goes(opened.requests[0], youssef)
    actor = of_account(youssef.person.account)
    visits.on_my_way(actor=actor, assignment=visit)
    if ends == "nobody_home":
        visits.could_not(actor=actor, assignment=visit, failure=ends)
    else:
        visits.end_unsaid(until + timedelta(hours=14))
    Promise.objects.all().delete()
    opened.requests[0].refresh_from_db()
    clock.set_time(opened.requests[0].window_until + timedelta(hours=25))
    assert followup.ask_overdue(clock.now()) == 1
    word = Message.objects.get(template__startswith="still_needed").body
    assert "l’un de nous s’en occupe" in word
    assert "nous cherchons aussitôt quelqu’un" not in word


@pytest.mark.parametrize(
    ("kind", "moderated"), [("transport", False), ("pharmacy", True), ("pharmacy", False)]
)
def test_that_we_look_at_once_is_said_where_none_of_us_must_see_to_it_first(
    asked, thomas, tuesday, kind, moderated
):
    until = tuesday + timedelta(hours=3)
    opened = asked(kind, moderated=moderated, urgency="day", window_until=until)
    clock.set_time(until)
    followup.ask_instead_of_call(request=opened.requests[0], now=clock.now(), uncalled=False)
    word = Message.objects.get(template="still_needed").body
    by_us = kind == "transport" or moderated
    assert ("l’un de nous s’en occupe" in word) == by_us
    assert ("nous cherchons aussitôt quelqu’un" in word) != by_us


def test_nobody_could_be_asked_where_somebody_was_not_happy(helped, ask, volunteer, thomas, organisation):
    helped()
    (row,) = ask()
    volunteer("Bram")
    followup.answer(actor=link(organisation, row.person_id), follow_up=row, said=NOT_FINE, by="web")
    letter = None
    while letter is None:
        clock.advance(timedelta(minutes=30))
        watch()
        actions.write_letters(clock.now())
        letter = Message.objects.filter(template="duty_begin").first()
    assert "quelque chose n’allait pas" in letter.body
    assert "on pourrait demander" not in letter.body


def test_the_first_word_about_a_lateness_does_not_say_still(asked, thomas, tuesday):
    opened = asked("pharmacy", window_until=tuesday + timedelta(hours=4, minutes=30))
    matching.send_wave(request_id=opened.requests[0].pk)
    call = Promise.objects.get(outcome="")
    while clock.now() < call.due_at:
        clock.set_time(min(clock.now() + timedelta(minutes=10), call.due_at))
        watch()
    late = Message.objects.filter(person=opened.case.person, template__startswith="late_").get()
    assert late.template == "late_call"
    assert "toujours pas" not in f"{late.subject} {late.body}"
    # Where else help is found stands in it all the same.
    assert "pharmacie" in late.body
    assert "N’attendez pas" in late.body


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_receipt_of_the_night_that_goes_out_by_day_speaks_of_the_day(asked, youssef, language):
    with clock.stopped_at(NIGHT):
        opened = asked("groceries", urgency="day")
        letter = Message.objects.get(person=opened.case.person)
        Message.objects.update(language=language)
        letter.refresh_from_db()
        assert letter.template == "received_night"
        assert not rewording.make_again(letter, NIGHT + timedelta(minutes=30))
        assert letter.template == "received_night"
    with clock.stopped_at(MORNING):
        assert rewording.make_again(letter, MORNING)
    assert letter.template == "received"
    for word in ("la nuit", "’s nachts", "nachts", "at night"):
        assert word not in letter.body
    # Made once more it stays so.
    assert not rewording.make_again(letter, MORNING + timedelta(minutes=1))


def test_who_was_at_a_door_yesterday_is_said_with_the_day(tuesday):
    at = datetime(2027, 1, 11, 21, 52, tzinfo=UTC)
    visit = DoorVisit("Katrien", "failed", "nobody_home", at)
    said = {}
    for language in ("fr", "nl", "de", "en"):
        with translation.override(language):
            said[language] = str(visit).replace("\xa0", " ")
    assert said == {
        "fr": "Katrien y était lundi 11 janvier à 22 h 52, personne n’a ouvert",
        "nl": "Katrien was er maandag 11 januari om 22.52 uur, niemand deed open",
        "de": "Katrien war am Montag, 11. Januar um 22.52 Uhr dort, niemand hat geöffnet",
        "en": "Katrien was there on Monday 11 January at 10.52 pm, no one opened the door",
    }


def test_everybody_who_waits_is_a_page_with_everybody(asked, thomas, tuesday, settings):
    settings.ORIGIN = "https://quartier.example.org"
    asked("groceries", moderated=True)
    watch()
    letter = Message.objects.get(person=thomas.person)
    assert letter.template == "team_waiting"
    link_of_all = letter.body.split("Tous ceux qui attendent")[1].split()[-1]
    assert link_of_all.endswith("/console/")


def test_what_was_given_up_is_named_with_its_day(asked, tuesday):
    request = asked("groceries", urgency="day").requests[0]
    Request.objects.filter(pk=request.pk).update(window_until=tuesday + timedelta(hours=5))
    clock.set_time(tuesday + timedelta(days=4))
    request.refresh_from_db()
    end_with_our_fault(request)
    word = Message.objects.get(template__startswith="given_up")
    assert "mardi 12 janvier" in word.body
