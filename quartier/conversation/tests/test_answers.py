"""Yes and no by text, as on the volunteer's page."""

import re
from datetime import timedelta

import pytest

from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, NADIA, STRANGER, YOUSSEF
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Code, Message
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def offer_of(request, one):
    return Offer.objects.get(request=request, volunteer=one)


def test_the_text_says_how_to_answer(street, post):
    request = street.offer()
    (body,) = post(YOUSSEF)
    number = street.number(request)
    assert f"OUI {number} ou NON {number}" in body
    assert street.number(request, street.nadia) in range(32, 1000)
    assert "http" in body


@pytest.mark.parametrize("said", ["OUI {}", "oui{}", "ja {}", " Oui, bien sûr: {} ! ", "👍 {}", "{} ok"])
def test_yes(street, text, post, said):
    request = street.offer()
    post()
    row = text(YOUSSEF, said.format(street.number(request)))
    visit = Assignment.objects.get()
    assert (visit.volunteer_id, row.meaning, row.about) == (
        street.youssef.pk, "yes", offer_of(request, street.youssef).pk,
    )  # fmt: skip
    assert row.answer.template == "accepted"
    assert row.person_id == street.youssef.person_id
    assert any(visit.code_word in body for body in post(YOUSSEF))
    assert not ToRead.objects.exists()


def test_who_is_later_hears_that_somebody_goes(street, text, post):
    request = street.offer()
    post()
    text(NADIA, f"oui {street.number(request, street.nadia)}")
    row = text(YOUSSEF, f"oui {street.number(request)}")
    assert Assignment.objects.get().volunteer_id == street.nadia.pk
    assert row.answer.template == "reply_covered"
    assert "y va déjà" in post(YOUSSEF)[-1]
    assert offer_of(request, street.youssef).answered_at


def test_no(street, text, post):
    request = street.offer()
    post()
    row = text(YOUSSEF, f"{street.number(request)} non merci")
    assert offer_of(request, street.youssef).state == Offer.State.DECLINED
    assert (row.meaning, row.answer.template) == ("no", "reply_no")


def test_yes_said_again_is_one_visit(street, text, post):
    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    row = text(YOUSSEF, f"OUI {street.number(request)}")
    assert Assignment.objects.count() == 1
    assert row.answer.template == "reply_yours"


def test_no_after_yes_is_not_believed_at_once(street, text, post):
    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    row = text(YOUSSEF, f"non {street.number(request)}")
    assert Assignment.objects.get().state == Assignment.State.ACCEPTED
    assert row.answer.template == "reply_said_yes"
    assert ToRead.objects.get().received_id == row.pk


def test_a_bare_yes_to_the_only_offer(street, text, post):
    street.offer()
    post()
    row = text(YOUSSEF, "Oui !")
    assert Assignment.objects.get().volunteer_id == street.youssef.pk
    assert row.meaning == "yes"


def test_a_bare_yes_to_two_offers_is_a_question(street, text, post):
    one, two = street.offer(), street.offer("pharmacy", name="Jeanne")
    post()
    row = text(YOUSSEF, "oui")
    assert not Assignment.objects.exists()
    assert row.answer.template == "reply_which"
    assert {f"{street.number(each)} : " in row.answer.body for each in (one, two)} == {True}
    text(YOUSSEF, f"oui {street.number(two)}")
    assert Assignment.objects.get().request_id == two.pk


def test_a_bare_yes_to_something_else_is_a_question(street, text, post, organisation):
    from quartier.messaging import actions
    from quartier.messaging.actions import Letter

    request = street.offer()
    post()
    clock.advance(timedelta(minutes=1))
    actions.write(
        organisation=organisation,
        letter=Letter(street.youssef.person, "wake", "w", {"page": ("home_of_role",)}),
    )
    post()
    row = text(YOUSSEF, "oui")
    assert not Assignment.objects.exists()
    assert row.answer.template == "reply_which"
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, "oui")
    assert Assignment.objects.get().request_id == request.pk


def test_a_yes_written_before_the_offer_was_sent_is_not_for_it(street, text, post):
    first = street.offer()
    post()
    text(YOUSSEF, f"non {street.number(first)}")
    post()
    clock.advance(timedelta(minutes=1))
    row = text(YOUSSEF, "oui", handled=False)
    clock.advance(timedelta(minutes=1))
    street.offer("pharmacy", name="Jeanne")
    post()
    from quartier.conversation import actions

    assert actions.take_next()
    row.refresh_from_db()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("said", "visits", "template"),
    [
        ("oui {0} oui {1}", 2, "accepted"),
        ("oui {0}, non {1}", 1, "accepted"),
        ("{0} oui {1} oui", 2, "accepted"),
        ("oui {0} {1}", 0, "reply_which"),
        ("oui {0} et {1}", 0, "reply_which"),
        ("non {0}/{1}", 0, "reply_which"),
    ],
)
def test_two_numbers(street, text, post, said, visits, template):
    one, two = street.offer(), street.offer("pharmacy", name="Jeanne")
    post()
    row = text(YOUSSEF, said.format(street.number(one), street.number(two)))
    assert Assignment.objects.count() == visits
    assert row.answer.template == template


def test_a_wrong_number_and_somebody_elses_sound_the_same(street, text, post):
    request = street.offer()
    post()
    theirs = street.number(request, street.nadia)
    mine = street.number(request)
    wrong = next(number for number in range(32, 100) if number not in {theirs, mine})
    said = []
    for number in {theirs, wrong} - {mine}:
        row = text(YOUSSEF, f"oui {number}")
        assert row.answer.template == "reply_unknown"
        said.append(re.sub(rf"\b{number}\b", "N", row.answer.body))
    assert len(set(said)) == 1
    assert "Ixelles" not in said[0]
    assert not Assignment.objects.exists()


def test_a_number_of_somebody_helped_means_nothing(street, text, post, on_phone):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    row = text(MARIE, f"oui {street.number(request)}")
    assert row.meaning == "words"
    assert not Assignment.objects.exists()


def test_a_changed_phone(street, text, post, on_phone):
    request = street.offer()
    post()
    number = street.number(request)
    on_phone(street.youssef.person, STRANGER)
    old = text(YOUSSEF, f"oui {number}")
    assert old.meaning == "words"
    assert not Assignment.objects.exists()
    text(STRANGER, f"oui {number}")
    assert Assignment.objects.get().volunteer_id == street.youssef.pk


def test_an_old_number_means_nothing(street, text, post):
    request = street.offer()
    post()
    number = street.number(request)
    clock.advance(timedelta(days=15))
    assert text(YOUSSEF, f"oui {number}").answer.template == "reply_unknown"


def test_who_is_suspended_or_on_a_break(street, text, post):
    from quartier.people import actions as people
    from quartier.team.access import system
    from quartier.visits import actions as visits

    request = street.offer()
    post()
    actor = system(request.organisation)
    people.pause(actor=actor, volunteer=street.nadia, until=None)
    assert text(NADIA, f"oui {street.number(request, street.nadia)}").answer.template == "reply_full"
    visits.volunteer_suspended(actor=actor, volunteer=street.youssef)
    assert text(YOUSSEF, f"oui {street.number(request)}").meaning == "words"
    assert not Assignment.objects.exists()


def test_what_is_said_besides_is_read(street, text, post):
    request = street.offer()
    post()
    row = text(YOUSSEF, f"oui {street.number(request)} je viens vers 18h")
    assert Assignment.objects.exists()
    assert row.meaning == "yes"
    waiting = ToRead.objects.get()
    assert waiting.case_id == request.case_id
    assert waiting.contact.words.endswith("vers 18h")


def test_another_organisation_has_other_numbers(street, text, post, elsewhere):
    request = street.offer()
    post()
    row = text(YOUSSEF, f"oui {street.number(request)}", org=elsewhere)
    assert row.meaning == "words"
    assert row.answer.template == "who_are_you"
    assert not Assignment.objects.exists()


def test_numbers_differ_for_a_phone(street):
    requests = [street.offer(name=name) for name in ("Anne", "Bea")]
    numbers = [street.number(each) for each in requests]
    assert len(set(numbers)) == len(numbers)
    assert Code.objects.count() == Message.objects.filter(template="offer", channel="text").count()


def test_a_journey_on_the_simulated_phone(client, street, post):
    """On the demonstration: read the offer on Youssef's phone, answer it there, and see what happens."""
    import re

    from quartier.conversation import jobs

    request = street.offer()
    post()
    page = f"/fr/console/sandbox/{street.youssef.person_id}/"
    number = re.search(r"Répondez OUI (\d+)", client.get(page).content.decode())[1]
    clock.advance(timedelta(minutes=1))
    assert client.post(page, {"body": f"Oui {number} \x00 😀"}).status_code == 302
    assert jobs.received()
    post()
    shown = client.get(page).content.decode()
    visit = Assignment.objects.get()
    assert visit.request_id == request.pk
    assert visit.code_word in shown
    assert f"Oui {number}" in shown
    assert "bubble-mine" in shown
    assert client.post(page, {"body": "  "}).status_code == 302
    for _ in range(20):
        client.post(page, {"body": "STOP"})
    assert client.post(page, {"body": "STOP"}).status_code == 429


@pytest.mark.parametrize("said", ["kan niet {} sorry", "je peux pas {}", "sorry nee {}", "leider nicht {}"])
def test_a_plain_refusal_declines_the_offer(street, text, post, said):
    request = street.offer()
    post()
    row = text(YOUSSEF, said.format(street.number(request)))
    assert row.meaning == "no"
    assert offer_of(request, street.youssef).state == Offer.State.DECLINED
    assert not Assignment.objects.exists()


def when(visit):
    zone = visit.organisation.zone
    return f"{visit.comes_from.astimezone(zone):%H:%M}-{visit.comes_until.astimezone(zone):%H:%M}"


def until_five(tuesday):
    return {"window_from": tuesday, "window_until": tuesday + timedelta(hours=6)}


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("ja {}, 16 Uhr passt", "16:00-17:00"),
        ("oui {} vers 14h30", "14:30-15:30"),
        ("ja {} 15", "15:00-16:00"),
    ],
)
def test_a_yes_with_an_hour_takes_that_hour(street, text, post, tuesday, said, hours):
    request = street.offer(**until_five(tuesday))
    post()
    row = text(YOUSSEF, said.format(street.number(request)))
    assert when(Assignment.objects.get()) == hours
    assert row.answer.template == "accepted"
    assert "choisi" not in row.answer.body
    begins = hours[:2].lstrip("0")
    told = Message.objects.get(person=request.case.person, template__in=["someone_comes", "first_comes"])
    assert begins in told.body


@pytest.mark.parametrize(
    "said", ["oui {}, 18h", "ja {} um 9 uhr", "oui {} ce soir", "oui {} de 11h à 17h", "ja {} mittwoch"]
)
def test_a_yes_with_an_hour_that_cannot_be_is_asked_again(street, text, post, tuesday, said):
    request = street.offer(**until_five(tuesday))
    post()
    number = street.number(request)
    row = text(YOUSSEF, said.format(number))
    assert not Assignment.objects.exists()
    assert row.answer.template == "reply_hour"
    assert f"OUI {number}" in row.answer.body
    assert not Message.objects.filter(
        person=request.case.person, template__in=["someone_comes", "first_comes"]
    ).exists()
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, "oui, 16h")
    assert when(Assignment.objects.get()) == "16:00-17:00"


def test_one_hour_for_two_yeses_is_asked_again(street, text, post, tuesday):
    one, two = (street.offer(name=name, **until_five(tuesday)) for name in ("Anne", "Bea"))
    post()
    row = text(YOUSSEF, f"oui {street.number(one)} oui {street.number(two)} 16h")
    assert not Assignment.objects.exists()
    assert row.answer.template == "reply_hour"


def test_whoever_is_too_late_is_not_asked_for_an_hour(street, text, post, tuesday):
    request = street.offer(**until_five(tuesday))
    post()
    text(NADIA, f"oui {street.number(request, street.nadia)}")
    assert text(YOUSSEF, f"oui {street.number(request)} 18h").answer.template == "reply_covered"


def test_a_yes_with_an_hour_after_a_question_is_to_the_open_offer(street, text, post, tuesday):
    request = street.offer(**until_five(tuesday))
    post()
    clock.advance(timedelta(minutes=1))
    assert text(YOUSSEF, "kann ich erst um 4 sagen").answer.template == "heard"
    assert not Assignment.objects.exists()
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, "JA um 16 uhr")
    visit = Assignment.objects.get()
    assert (visit.request_id, when(visit)) == (request.pk, "16:00-17:00")


def test_thanks_after_a_question_are_no_yes_to_the_open_offer(street, text, post, tuesday):
    street.offer(**until_five(tuesday))
    post()
    clock.advance(timedelta(minutes=1))
    assert text(YOUSSEF, "est-ce que c'est lourd ?").answer.template == "heard"
    post()
    clock.advance(timedelta(minutes=1))
    text(YOUSSEF, "Oui merci")
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("said", ["ja {} 16 Uhr", "oui {}, 18h"])
def test_another_hour_after_the_yes_is_not_said_to_be_taken(street, text, post, tuesday, said):
    """It is chosen on the page, so that whoever waits hears of it; and the team reads it."""
    request = street.offer(**until_five(tuesday))
    post()
    number = street.number(request)
    text(YOUSSEF, f"oui {number} 14h30")
    row = text(YOUSSEF, said.format(number))
    assert (row.meaning, row.answer.template) == ("yes", "step_page")
    assert "/volunteer/offer/" in row.answer.body
    assert ToRead.objects.filter(received=row).exists()
    assert when(Assignment.objects.get()) == "14:30-15:30"


@pytest.mark.parametrize("said", ["oui {}", "oui {} 14h30", "ok {}"])
def test_the_same_yes_once_more_is_one(street, text, post, tuesday, said):
    request = street.offer(**until_five(tuesday))
    post()
    number = street.number(request)
    text(YOUSSEF, f"oui {number} 14h30")
    row = text(YOUSSEF, said.format(number))
    assert row.answer.template == "reply_yours"
