"""One mail instead of many: what stands in it, what becomes of each message, and what if it cannot be sent."""

import os
from datetime import time, timedelta
from pathlib import Path

import pytest

from quartier.lib import clock
from quartier.messaging import delivery, detours, digest, stops
from quartier.messaging.actions import Letter, cancel, write
from quartier.messaging.models import Message
from quartier.messaging.providers.email import leaving
from quartier.messaging.tests.test_email import MARIE, Answers, Mailbox, served
from quartier.people import wishes
from quartier.people.models import Person
from quartier.people.wishes import Said
from quartier.team.access import system

__all__ = ["served"]
pytestmark = pytest.mark.django_db
SIX = timedelta(hours=7)  # after eleven in the morning


@pytest.fixture
def daily(organisation, youssef, tuesday):
    """Youssef wishes one mail a day, at six in the evening."""
    person = youssef.person
    person.email = MARIE
    person.save()
    said = Said(rhythm="daily", daily_at=time(18))
    wishes.wish(actor=system(organisation), person=person, said=said)
    return Person.objects.select_related("organisation").get(pk=person.pk)


@pytest.fixture
def told(organisation):
    def tell(person, key, template="offer", hours=24, **given):
        now = clock.now()
        values = {
            "kind": "groceries", "place": ("1050", "Ixelles"), "metres": 800, "name": "Sofia", "word": "tulipe",
            "window": (now + timedelta(days=1), now + timedelta(days=1, hours=1)), "page": ("offer_link", key * 22),
        }  # fmt: skip
        not_after = now + timedelta(hours=hours) if template == "offer" else None
        return write(
            organisation=organisation,
            letter=Letter(person, template, key, values, not_after=not_after, **given),
        )

    return tell


def states(*rows):
    return [Message.objects.get(pk=row.pk).state for row in rows]


def test_several_stand_in_one_mail_and_what_cannot_wait_comes_at_once(
    daily, told, tuesday, served, organisation, settings
):
    settings.ORIGIN = "https://quartier.example.org"
    with served(Mailbox()) as post:
        rows = [told(daily, key) for key in "abc"]
        rows.append(told(daily, "d", "helped"))
        soon = told(daily, "e", hours=3)
        delivery.deliver()
        assert states(*rows, soon) == [*["held"] * 4, "sent"]
        with clock.stopped_at(tuesday + SIX - timedelta(minutes=1)):
            assert digest.gather(clock.now()) == 0
        with clock.stopped_at(tuesday + SIX):
            assert digest.gather(clock.now()) == 1
            # As often as one likes: nothing stands in two.
            assert digest.gather(clock.now()) == 0
            delivery.deliver()
            delivery.deliver()
        assert len(post.letters) == 2
        letter = post.parsed()[1]
    assert states(*rows) == ["gathered"] * 4
    mail = Message.objects.get(template="digest")
    assert (mail.state, mail.key) == ("sent", f"digest:{rows[0].pk}")
    text = letter.get_body(["plain"]).get_content()
    html = letter.get_body(["html"]).get_content()
    for key in "abc":
        for body in (text, html):
            assert body.count(f"/volunteer/offer/{key * 22}/") >= 1
    assert text.count("Courses") == 3
    if pictures := os.environ.get("QUARTIER_SHOTS"):
        (Path(pictures) / "digest.html").write_text(html)
    assert letter["Subject"] == "Du nouveau pour vous, en un seul e-mail"
    # The same way out as with each offer by itself.
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert leaving.page(mail) in text
    # Read at six in the evening, the day is the same; read tomorrow, it would be another.
    assert "demain" in text


def test_one_alone_goes_as_itself(daily, told, tuesday):
    row = told(daily, "a")
    with clock.stopped_at(tuesday + SIX):
        assert digest.gather(clock.now()) == 1
    assert states(row) == ["due"]
    assert not Message.objects.filter(template="digest").exists()


def test_three_times_a_day(daily, told, tuesday, organisation):
    wishes.wish(actor=system(organisation), person=daily, said=Said(rhythm="few"))
    daily = Person.objects.get(pk=daily.pk)
    assert told(daily, "a").not_before == tuesday + timedelta(hours=2)


def test_what_is_taken_back_does_not_stand_in_it(daily, told, tuesday):
    rows = [told(daily, key) for key in "abc"]
    assert cancel(rows[:1]) == 1
    with clock.stopped_at(tuesday + SIX):
        digest.gather(clock.now())
    assert states(*rows) == ["cancelled", "gathered", "gathered"]
    assert "a" * 22 not in Message.objects.get(template="digest").body


def test_no_worker_for_a_day(daily, told, tuesday):
    """An offer that nobody can answer any more is not in the mail of the next day."""
    rows = [told(daily, "a"), told(daily, "b", "helped"), told(daily, "c", "helped")]
    with clock.stopped_at(tuesday + timedelta(days=2)):
        digest.gather(clock.now())
    assert states(*rows) == ["cancelled", "gathered", "gathered"]


def test_stop_ends_what_waits(daily, told, organisation):
    rows = [told(daily, key) for key in "ab"]
    stops.stop(organisation=organisation, index="", people=[daily])
    assert states(*rows) == ["cancelled", "cancelled"]


def test_no_more_offers_ends_what_waits_and_leaves_the_rest(daily, told):
    rows = [told(daily, "a"), told(daily, "b", "helped")]
    leaving.no_more_offers(person=daily)
    assert states(*rows) == ["cancelled", "held"]


def test_a_mail_without_an_offer_has_no_way_out_of_offers(daily, told, tuesday):
    for key in "ab":
        told(daily, key, "helped")
    with clock.stopped_at(tuesday + SIX):
        digest.gather(clock.now())
    assert leaving.headers(Message.objects.get(template="digest")) == {}


@pytest.mark.parametrize("has_phone", [True, False])
def test_an_address_that_takes_nothing(daily, told, tuesday, served, has_phone):
    if has_phone:
        daily.phone = "+32400001001"
        daily.save()
    rows = [told(daily, key) for key in "ab"]
    with clock.stopped_at(tuesday + SIX), served(Answers(rcpt="550 nobody here", always=True)):
        digest.gather(clock.now())
        delivery.deliver()
    mail = Message.objects.get(template="digest")
    if has_phone:
        # Each goes on by itself, and the mail is told as what it was.
        assert (mail.state, states(*rows)) == ("cancelled", ["due", "due"])
        assert {(each.channel, each.to, each.digest_id) for each in map(fresh, rows)} == {
            ("text", "+32400001001", None)
        }
        with clock.stopped_at(tuesday + SIX + timedelta(minutes=1)):
            delivery.deliver()
        assert states(*rows) == ["sent", "sent"]
    else:
        # Somebody of the team sees it, with every line.
        assert (mail.state, states(*rows)) == ("failed", ["gathered", "gathered"])
        assert "a" * 22 in mail.body


def fresh(row):
    return Message.objects.get(pk=row.pk)


def test_what_comes_back_after_it_was_sent_goes_on_one_by_one(daily, told, tuesday):
    daily.phone = "+32400001001"
    daily.save()
    rows = [told(daily, key) for key in "ab"]
    with clock.stopped_at(tuesday + SIX):
        digest.gather(clock.now())
        Message.objects.filter(template="digest").update(state="sent", sent_at=clock.now())
        detours.not_arrived(Message.objects.get(template="digest"), "mailbox gone")
    assert states(*rows) == ["due", "due"]
    assert Message.objects.get(template="digest").state == "cancelled"


def test_forty_make_one_and_the_rest_the_next(daily, told, tuesday):
    for number in range(43):
        told(daily, f"{number:02}", "helped")
    with clock.stopped_at(tuesday + SIX):
        while digest.gather(clock.now()):
            pass
    mails = Message.objects.filter(template="digest")
    assert sorted(each.gathered.count() for each in mails) == [3, 40]
    assert not Message.objects.filter(state="held").exists()


def test_a_thank_you_and_reminders_stand_in_one_mail_at_one(youssef, told, tuesday, organisation):
    """Nobody has wished it so; it is eleven, and the visits are tomorrow afternoon."""
    person = youssef.person
    values = {"window": (tuesday + timedelta(days=1), tuesday + timedelta(days=1, hours=1))}
    letters = [
        Letter(person, template, key, REMINDED | values)
        for template, key in (("visit_ahead", "a"), ("visit_ahead", "b"), ("thanked", "c"))
    ]
    waiting = [write(organisation=organisation, letter=letter) for letter in letters]
    assert {each.state for each in waiting} == {"held"}
    assert {each.not_before for each in waiting} == {tuesday + timedelta(hours=2)}
    clock.set_time(tuesday + timedelta(hours=2))
    assert digest.gather(clock.now()) == 1
    assert states(*waiting) == ["gathered"] * 3
    mail = Message.objects.get(template="digest")
    assert mail.body.count("Rappel") == 2


def test_what_is_near_is_not_kept_for_others(youssef, told, tuesday, organisation):
    person = youssef.person
    near = {"window": (tuesday + timedelta(hours=8), tuesday + timedelta(hours=9))}
    letter = write(organisation=organisation, letter=Letter(person, "visit_ahead", "a", REMINDED | near))
    assert letter.state == "due"
    # A text is one message in any case.
    person.phone, person.channel = "+32470123456", "text"
    person.save()
    values = REMINDED | {"window": (tuesday + timedelta(days=2), tuesday + timedelta(days=2, hours=1))}
    letter = write(organisation=organisation, letter=Letter(person, "thanked", "b", values))
    assert (letter.channel, letter.state) == ("text", "due")


REMINDED = {
    "kind": "groceries", "place": ("1050", "Ixelles"), "word": "tulipe", "words": "Merci",
    "page": ("offer_link", "a" * 22),
}  # fmt: skip
