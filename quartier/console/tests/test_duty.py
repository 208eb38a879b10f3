"""The page of duty: the week, who may plan, and forms that keep what was typed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.rota import actions
from quartier.rota.actions import ShiftSpec
from quartier.rota.models import DutyAbsence, DutyShift
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(sara, lotte, tuesday):
    """Lotte is on duty on Tuesdays from 9 to 13; it is Tuesday, at eleven."""
    return actions.save_shift(actor=of_account(sara), spec=ShiftSpec(lotte, 9, 13, weekday=1))


def page(client, account, name="duty", *args):
    client.force_login(account)
    client.defaults["SERVER_NAME"] = account.organisation.host or "testserver"
    return client.get(reverse(name, args=args), headers={"accept-language": "en"})


def post(client, who, name, *args, **data):
    client.force_login(who)
    return client.post(reverse(name, args=args), data, headers={"accept-language": "en"})


PLAN = {"when": "1", "from_hour": "9", "until_hour": "13", "stand_in": "", "postcodes": ""}


def test_the_week_on_one_look(client, lotte, shift, django_assert_max_num_queries):
    client.force_login(lotte)
    with django_assert_max_num_queries(16):
        words = client.get(reverse("duty"), headers={"accept-language": "en"}).content.decode()
    assert "You are on duty:" in words
    # Today comes first. From one on nobody is there, and on no other day.
    assert "12 to 18 January" in words
    assert words.count("cal-gap") == 7
    assert reverse("duty_shift", args=[shift.pk]) not in words


def test_more_shifts_cost_no_more_queries(client, sara, lotte, thomas, shift, django_assert_max_num_queries):
    for hour in range(8, 20):
        actions.save_shift(
            actor=of_account(sara), spec=ShiftSpec(thomas, hour, hour + 1, weekday=2, stand_in=lotte)
        )
    client.force_login(sara)
    with django_assert_max_num_queries(16):
        assert client.get(reverse("duty")).content.decode().count("cal-one") > 12


def test_without_shifts_it_says_who_is_told(client, thomas, tuesday):
    words = page(client, thomas).content.decode()
    assert "No shifts are planned" in words
    assert "cal-gap" not in words


def test_the_days_on_which_all_are_away_are_shown_without_shifts(client, sara, thomas, lotte, tuesday):
    for account in (sara, thomas, lotte):
        actions.add_absence(
            actor=of_account(account), account=account, starts_on=date(2027, 1, 14), ends_on=date(2027, 1, 15)
        )
    words = page(client, thomas).content.decode()
    # Two days, from when the line opens until it closes.
    assert words.count("cal-gap") == 2


def test_a_shift_is_planned_changed_and_taken_away(client, organisation, sara, lotte, thomas, tuesday):
    assert post(client, sara, "duty_shift_new", account=lotte.pk, **PLAN).status_code == 302
    row = DutyShift.objects.get()
    assert (row.account, row.weekday, row.day, row.from_hour, row.until_hour) == (lotte, 1, None, 9, 13)
    changed = PLAN | {"when": "day", "day": "2027-01-20", "stand_in": thomas.pk, "postcodes": "1050, 1060"}
    assert post(client, sara, "duty_shift", row.pk, account=lotte.pk, **changed).status_code == 302
    row.refresh_from_db()
    assert (row.weekday, row.day, row.stand_in, row.postcodes) == (
        None,
        date(2027, 1, 20),
        thomas,
        "1050 1060",
    )
    assert "2027-01-20" in page(client, sara, "duty_shift", row.pk).content.decode()
    assert post(client, sara, "duty_shift", row.pk, do="remove").status_code == 302
    assert not DutyShift.objects.exists()
    organisation.refresh_from_db()
    assert not organisation.plans_duty
    assert list(Entry.objects.filter(verb__startswith="duty.").order_by("at").values_list("verb", flat=True)) == [
        "duty.plan", "duty.change", "duty.remove",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"account": ""}, "Choose someone."),
        ({"when": "day"}, "Enter the day."),
        ({"when": "day", "day": "2027-01-11"}, "This date has passed, or is too far ahead."),
        ({"when": ""}, "Choose a day."),
    ],
)
def test_a_form_that_cannot_be_saved_keeps_its_words(client, sara, lotte, tuesday, changed, words):
    data = {"account": lotte.pk, **PLAN, "postcodes": "1050 1060"} | changed
    answer = post(client, sara, "duty_shift_new", **data).content.decode()
    assert words in answer
    assert 'value="1050 1060"' in answer
    assert not DutyShift.objects.exists()


def test_nobody_stands_in_for_themselves(client, sara, lotte, tuesday):
    data = PLAN | {"account": lotte.pk, "stand_in": lotte.pk}
    assert "Choose someone else, or no one." in post(client, sara, "duty_shift_new", **data).content.decode()


def test_whoever_does_not_coordinate_says_it_of_themselves_alone(client, lotte, sara, shift):
    days = {"starts_on": "2027-01-12", "ends_on": "2027-01-14"}
    assert post(client, lotte, "duty_away", account=sara.pk, **days).status_code == 302
    row = DutyAbsence.objects.get()
    assert row.account == lotte
    assert "Lotte is away" in page(client, sara).content.decode()
    of_sara = actions.add_absence(
        actor=of_account(sara), account=sara, starts_on=date(2027, 1, 12), ends_on=date(2027, 1, 12)
    )
    assert post(client, lotte, "duty_back", of_sara.pk).status_code == 404
    assert post(client, lotte, "duty_back", row.pk).status_code == 302
    assert post(client, lotte, "duty_shift_new", account=lotte.pk, **PLAN).status_code == 403


def test_an_absence_that_ends_before_it_begins(client, lotte, tuesday):
    days = {"starts_on": "2027-01-20", "ends_on": "2027-01-18"}
    assert "This is before the first day." in post(client, lotte, "duty_away", **days).content.decode()


def test_another_organisation_has_its_own(client, bram, shift):
    assert page(client, bram, "duty_shift", shift.pk).status_code == 404
    assert "Lotte" not in page(client, bram).content.decode()


def test_the_week_after(client, lotte, shift):
    client.force_login(lotte)
    there = (clock.now() + timedelta(days=7)).date()
    words = client.get(f"{reverse('duty')}?day={there}", headers={"accept-language": "en"}).content.decode()
    assert "19 to 25 January" in words
    # And back, never before today.
    assert "?day=2027-01-12" in words
    # Two on Tuesday, before and after; one on each other day.
    assert words.count("cal-gap") == 8
