"""Who is not disturbed, and until when: the hours themselves, which messages obey them, and where that is decided."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import clock, hours
from quartier.messaging import delivery, waiting
from quartier.messaging.actions import Letter, write, write_all
from quartier.messaging.models import Message, SandboxDelivery
from quartier.messaging.tests.conftest import promise_for
from quartier.messaging.waiting import WAITS, Waits
from quartier.messaging.who_waits import WaitingPerson
from quartier.messaging.words import TEMPLATES
from quartier.people import rules, wishes
from quartier.people.models import Person, Wishes
from quartier.people.rules import LONGEST_QUIET, Quiet
from quartier.people.wishes import Said
from quartier.team.access import system

# Clocks that change at midnight, by half an hour, in the other season, or never.
ZONES = [
    "Europe/Brussels", "America/New_York", "America/Santiago", "Asia/Beirut", "Africa/Casablanca",
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns", "UTC",
]  # fmt: skip
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
# The nights on which clocks change are among a few days only, so they are looked for.
CHANGES = st.sampled_from(
    [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC), datetime(2027, 4, 4, tzinfo=UTC)]
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.builds(lambda day, minutes: day + timedelta(minutes=minutes), CHANGES, st.integers(-24 * 60, 36 * 60)),
)
TONIGHT = datetime(2027, 1, 12, 21, 30, tzinfo=UTC)  # 22.30 in Brussels


@given(moment=MOMENTS, start=TIMES, end=TIMES, zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_quiet_hours_end_and_nobody_waits_a_day(moment, start, end, zone):
    quiet = Quiet(start, end)
    if not timedelta() < quiet.lasts <= LONGEST_QUIET:
        return
    wakes = rules.wakes(moment, quiet, zone)
    assert not hours.is_within(wakes, start, end, zone)
    assert moment <= wakes <= moment + timedelta(hours=24)
    # Who is awake waits for nothing.
    assert (wakes == moment) == (not hours.is_within(moment, start, end, zone))


@given(moment=MOMENTS, at=st.lists(TIMES, min_size=1, max_size=3), zone=st.sampled_from(ZONES).map(ZoneInfo))
def test_a_mail_with_others_is_never_far(moment, at, zone):
    found = rules.next_mail(moment, at, zone)
    assert moment < found <= moment + timedelta(hours=25, minutes=1)


ORDERS = st.lists(st.sampled_from([*rules.CHANNELS, "pigeon"]), max_size=6)


@given(own=ORDERS, channel=st.sampled_from(["text", "email", "call"]))
def test_an_order_holds_every_way_once_and_keeps_what_was_said(own, channel):
    found = rules.in_order(channel, own)
    assert sorted(found) == sorted(rules.CHANNELS)
    named = [code for code in dict.fromkeys(own) if code in rules.CHANNELS]
    assert [code for code in found if code in named] == named
    usual = rules.usual_order(channel)
    assert all(found[place] == code for place, code in enumerate(usual) if code not in named)


def test_every_template_says_what_it_waits_for():
    assert set(WAITS) == set(TEMPLATES)


def test_what_is_never_held_back():
    for template in ("sign_in_code", "risk_heard", "wake", "stopped", "on_way", "received", "accepted"):
        assert WAITS[template] == Waits.NEVER


@pytest.fixture
def sleeps(organisation, youssef):
    """Youssef's own quiet hours, from 20 to 7."""
    wishes.wish(actor=system(organisation), person=youssef.person, said=Said(quiet=Quiet(time(20), time(7))))
    return youssef.person


@pytest.fixture
def told(organisation):
    def tell(person, template="helped", **given):
        values = {
            "name": "Sofia", "kind": "groceries", "word": "tulipe", "page": ("home",), "code": "123456",
            "numbers": "112", "words": "…", "by": clock.now() + timedelta(days=2), "place": ("1050", "Ixelles"),
            "metres": 800, "begins": clock.now() + timedelta(hours=9), "reference": "K7M4PX",
            "dangers": [("concern_danger", {"page": ("board",)})] * 2,
        }  # fmt: skip
        values |= given.pop("values", {})
        given["promise"] = promise_for(template, person, values["by"])
        values["waiting"] = [
            WaitingPerson("Marie", clock.now(), "call", clock.now() + timedelta(hours=1), ("board",))
        ]
        letter = Letter(person, template, f"{template}:{Message.objects.count()}", values, **given)
        return write(organisation=organisation, letter=letter)

    return tell


SEVEN = datetime(2027, 1, 13, 6, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["helped", "withdrawn", "said", "visit_reminder"])
def test_what_can_wait_comes_when_they_wake(sleeps, told, template):
    window = (TONIGHT - timedelta(hours=3), TONIGHT - timedelta(hours=2))
    with clock.stopped_at(TONIGHT):
        written = told(sleeps, template, values={"window": window})
        assert (written.not_before, written.state) == (SEVEN, "due")
        delivery.deliver()
        assert not SandboxDelivery.objects.exists()
    with clock.stopped_at(SEVEN):
        delivery.deliver()
        assert SandboxDelivery.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("template", [name for name, waits in WAITS.items() if waits == Waits.NEVER])
def test_what_cannot_wait_comes_at_once(sleeps, told, template):
    with clock.stopped_at(TONIGHT):
        window = (TONIGHT + timedelta(days=1), TONIGHT + timedelta(days=1, hours=1))
        more = {"window": window, "reference": "K7M4PX", "number": "42", "offers": [], "amount": 1250}
        more |= {"occasion": "Canicule", "names": "Albert", "ladder": "Albert"}
        more |= {"service": "Télé-Accueil", "its_number": "107"}
        told(sleeps, template, values=more)
        delivery.deliver()
        assert SandboxDelivery.objects.count() == 1


@pytest.mark.django_db
def test_a_visit_that_begins_before_they_wake_is_told_at_once(sleeps, told):
    with clock.stopped_at(TONIGHT):
        early = told(sleeps, "someone_comes", values={"window": (SEVEN - timedelta(minutes=30), SEVEN)})
        late = told(
            sleeps,
            "someone_comes",
            values={"window": (SEVEN + timedelta(hours=3), SEVEN + timedelta(hours=4))},
        )
        soon = told(sleeps, "nobody_yet", values={"by": SEVEN - timedelta(hours=1)})
    assert (early.not_before, late.not_before, soon.not_before) == (TONIGHT, SEVEN, TONIGHT)
    # Read at seven in the morning, "tomorrow" would be another day.
    assert "aujourd’hui" in late.subject


@pytest.mark.django_db
def test_an_offer_that_nobody_could_answer_any_more_is_not_sent_and_one_sees_why(sleeps, told):
    with clock.stopped_at(TONIGHT):
        window = (TONIGHT, TONIGHT + timedelta(days=2))
        short = told(sleeps, "offer", values={"window": window}, not_after=TONIGHT + timedelta(hours=2))
        long = told(sleeps, "offer", values={"window": window}, not_after=TONIGHT + timedelta(hours=20))
    assert (short.state, short.error) == ("cancelled", "they sleep until nobody needs it any more")
    assert (long.state, long.not_before) == ("due", SEVEN)


@pytest.mark.django_db
@pytest.mark.parametrize("may", [True, False])
def test_urgent_offers_come_at_night_to_who_has_said_so(organisation, sleeps, told, may):
    Wishes.objects.update(urgent=may)
    sleeps = Person.objects.get(pk=sleeps.pk)
    with clock.stopped_at(TONIGHT):
        window = (TONIGHT, TONIGHT + timedelta(days=2))
        offer = told(
            sleeps, "offer", values={"window": window}, not_after=TONIGHT + timedelta(hours=20), urgent=True
        )
    assert offer.not_before == (TONIGHT if may else SEVEN)


@pytest.mark.django_db
def test_without_hours_of_ones_own_a_text_waits_for_the_morning_and_a_mail_does_not(
    organisation, youssef, told
):
    person = youssef.person
    with clock.stopped_at(TONIGHT):
        assert told(person).not_before == TONIGHT
        person.phone, person.channel = "+32400001001", "text"
        person.save()
        assert told(person).not_before == datetime(2027, 1, 13, 7, tzinfo=UTC)
    # Who works at night has said so: own hours are meant instead.
    said = Said(quiet=Quiet(time(8), time(15)))
    wishes.wish(actor=system(organisation), person=person, said=said)
    with clock.stopped_at(TONIGHT):
        assert told(person).not_before == TONIGHT


@pytest.mark.django_db
def test_a_message_that_was_late_is_held_where_it_is_sent(sleeps, told):
    """Written by day, while no worker was there."""
    with clock.stopped_at(TONIGHT - timedelta(hours=8)):
        written = told(sleeps)
        code = told(sleeps, "sign_in_code")
    with clock.stopped_at(TONIGHT):
        delivery.deliver()
        written.refresh_from_db()
        code.refresh_from_db()
        assert (written.state, written.not_before, code.state) == ("due", SEVEN, "sent")


@pytest.mark.django_db
def test_many_are_written_with_one_query_for_all_their_wishes(
    organisation, volunteer, django_assert_num_queries
):
    people = [volunteer(f"V{number}").person for number in range(9)]
    for person in people[:5]:
        wishes.put_in_order(actor=system(organisation), person=person, order=["email", "push"])
    people = list(Person.objects.select_related("organisation").filter(pk__in=[each.pk for each in people]))

    def letters(which, word):
        return [Letter(each, "said", f"{word}:{each.pk}", {"words": "…"}) for each in which]

    write_all(organisation=organisation, letters=letters(people, "warm"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        write_all(organisation=organisation, letters=letters(people[:1], "one"))
    with django_assert_num_queries(len(one)):
        write_all(organisation=organisation, letters=letters(people, "all"))


@pytest.mark.django_db
def test_a_mail_with_others_is_only_for_what_can_be_answered_long_enough(organisation, youssef, tuesday):
    wish = Wishes(rhythm="daily", daily_at=time(18))
    six = tuesday.replace(hour=17)
    for lives, kept in ((2, None), (11, None), (13, None), (14, six), (24, six)):
        letter = Letter(youssef.person, "offer", "a", not_after=tuesday + timedelta(hours=lives))
        at = waiting.together_at(letter, youssef.person, wish, organisation, tuesday)
        assert at == kept, lives
    assert (
        waiting.together_at(Letter(youssef.person, "said", "a"), youssef.person, wish, organisation, tuesday)
        is None
    )
    youssef.person.email = ""
    assert (
        waiting.together_at(
            Letter(youssef.person, "helped", "a"), youssef.person, wish, organisation, tuesday
        )
        is None
    )
