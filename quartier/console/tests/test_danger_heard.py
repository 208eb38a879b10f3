"""Danger heard on a call is linked to whom the call's form names, and stands wherever they are met next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert, Around
from quartier.audit.models import Entry
from quartier.cases.models import Case
from quartier.console.tests.line_scene import Line
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.telephony import actions as telephony
from quartier.telephony.models import Call

pytestmark = pytest.mark.django_db
NUMBER = "+3220001499"
ASKED = {
    "caller_name": "Hélène Maes",
    "language": "fr",
    "channel": "call",
    "place": "1050",
    "address": "Rue du Page 42",
    "kinds": ["groceries"],
    "urgency": "day",
    "consent": "on",
}


@pytest.fixture
def line(organisation, settings, places, tuesday, thomas, sara):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    def read(account, name, *args, **query):
        answer = signed_in(account).get(reverse(name, args=args), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().replace("\u00a0", " ").split())

    return read


@pytest.fixture
def calls(line, signed_in, lotte):
    """A call on which danger is heard, before its form is sent; gives the call."""

    def call_(number=NUMBER, *, danger=True, **asked):
        call = line.calls(number)
        line.talks(call, lotte)
        client = signed_in(lotte)
        client.get(reverse("line_call", args=[call]))
        if danger:
            client.post(reverse("line_risk", args=[call]))
        if asked:
            draft = Draft.objects.get(call=call, submitted_at=None)
            sent = {"phone": number, "version": draft.version, **asked}
            answer = client.post(reverse("intake_page", args=[draft.pk]), sent)
            assert answer.status_code == 302, answer.context["form"].errors
        return Call.objects.get(pk=call)

    return call_


def strip_of(words):
    return words.split('id="alerts"')[1].split("</details></div>")[0].split('id="line-risk"')[0]


def test_the_form_of_the_call_names_the_alert(page, calls, thomas):
    calls(**ASKED)
    alert = Alert.objects.get()
    assert alert.person == Case.objects.get().person
    shown = page(thomas, "alert", alert.pk)
    assert "Hélène Maes</b>, 1050 Ixelles" in shown
    assert reverse("case_page", args=[Case.objects.get().pk]) in shown
    assert "Hélène Maes, 1050 Ixelles" in strip_of(page(thomas, "alerts_strip"))


def test_a_page_names_nobody_and_fetches_the_names_once(page, calls, thomas):
    calls(**ASKED)
    board, strip = page(thomas, "board"), page(thomas, "alerts_strip")
    assert "Hélène Maes" not in strip_of(board)
    assert 'hx-trigger="live:changed, load"' in board.split('id="alerts"')[1].split(">")[0]
    assert 'hx-trigger="live:changed"' in strip.split('id="alerts"')[1].split(">")[0]
    assert Entry.objects.filter(verb="person.look", subject_id=Alert.objects.get().person_id).exists()


def test_two_alerts_of_unknown_numbers_are_told_apart(page, line, calls, thomas, lotte):
    for number in ("+3220001498", NUMBER):
        line.ends(calls(number).pk, lotte)
    strip = strip_of(page(thomas, "alerts_strip"))
    assert "02 000 14 98" in strip
    assert "02 000 14 99" in strip


def test_when_the_help_is_for_somebody_else_both_are_named(page, calls, thomas):
    calls(**ASKED, for_other="on", person_name="Georges Maes", relation="son père", tell="asker")
    strip = strip_of(page(thomas, "alerts_strip"))
    assert "Georges Maes, 1050 Ixelles" in strip
    assert "on the phone: Hélène Maes" in strip
    assert "Danger was heard" in page(thomas, "case_page", Case.objects.get().pk)


def test_somebody_recognised_is_named_at_once(page, calls, asked, thomas):
    asked("groceries")
    calls("+3220001427")
    assert Alert.objects.get().person == Person.objects.get(calls__alert__isnull=False)
    assert "Marie Peeters, 1050 Ixelles" in strip_of(page(thomas, "alerts_strip"))


def test_who_rings_again_brings_the_danger_with_them(page, line, calls, lotte, thomas):
    line.ends(calls(**ASKED).pk, lotte)
    with clock.stopped_at(clock.now() + timedelta(minutes=10)):
        again = line.calls(NUMBER)
        line.rings(again, thomas)
        case = Case.objects.get().pk
        assert "and no one is dealing with it yet." in page(thomas, "line_bar")
        for name, pk in (("line_call", again), ("case_page", case)):
            assert "and no one is dealing with it yet." in page(thomas, name, pk).split("<main")[1]
        line.talks(again, thomas)
        assert "and no one is dealing with it yet." in page(thomas, "line_bar")
        alert = Alert.objects.get()
        alerts.take(actor=of_account(thomas), alert_id=alert.pk)
        assert "Thomas is dealing with it." in page(thomas, "line_bar")
        part = page(thomas, "line_call", again, part="danger").split("<main")[1]
        assert "Thomas is dealing with it." in part
        alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Her doctor is there.")
        assert "Danger was heard" not in page(thomas, "line_bar")
        assert "Danger was heard" not in page(thomas, "line_call", again)
        assert "Danger was heard" not in page(thomas, "case_page", case)


def test_the_part_of_the_page_comes_by_itself(signed_in, calls, thomas):
    call = calls()
    address = reverse("line_call", args=[call.pk])
    answer = signed_in(thomas).get(address, {"part": "danger"}, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert words.startswith('<div id="line-danger"')
    assert "no one is dealing with it yet" in words


def test_what_to_say_in_danger_stays_until_the_danger_is_over(page, line, calls, signed_in, lotte, thomas):
    call = calls()

    def panel(account, **query):
        return page(account, "line_call", call.pk, **query).split('id="line-risk">')[1].split("<main")[0]

    said = panel(lotte)
    assert "0800 32 123" in said
    assert "no one is dealing with it yet" in said
    assert "<details open" in said
    # Whoever only looks at the page has nobody to say it to.
    assert "0800 32 123" not in panel(thomas)
    alert = Alert.objects.get()
    alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    assert "Thomas is dealing with it" in panel(lotte)
    # The call is over: it stays, folded, above what is to be noted.
    line.ends(call.pk, lotte)
    assert "0800 32 123" in panel(lotte)
    assert "<details open" not in panel(lotte)
    alerts.close(actor=of_account(thomas), alert_id=alert.pk, words="Her doctor is there.")
    assert "0800 32 123" not in panel(lotte)
    # An open page hears of it.
    address = reverse("line_call", args=[call.pk])
    answer = signed_in(lotte).get(address, {"part": "risk"}, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert words.startswith('<div id="line-risk-live" data-live="alerts"')
    assert "0800 32 123" not in words


def test_whoever_gets_the_call_gets_what_to_say(page, line, calls, lotte, thomas):
    call = calls()
    line.talks(call.pk, thomas)
    assert "0800 32 123" in page(thomas, "line_call", call.pk).split('id="line-risk">')[1].split("<main")[0]
    # Another danger of the same caller is named in the bar, and is not about what is said now.
    line.ends(call.pk, thomas)
    again = line.calls(NUMBER)
    line.talks(again, thomas)
    said = page(thomas, "line_call", again)
    assert "0800 32 123" not in said.split('id="line-risk">')[1].split("<main")[0]
    assert "who-danger" in said


def test_another_caller_has_nothing_to_do_with_it(page, line, calls, lotte, thomas):
    line.ends(calls(**ASKED).pk, lotte)
    other = line.calls("+3220001497")
    line.talks(other, thomas)
    silent = line.calls("")
    assert "Danger was heard" not in page(thomas, "line_bar")
    for call in (other, silent):
        assert "Danger was heard" not in page(thomas, "line_call", call)


def test_for_whom_it_goes_around_there_is_no_danger_anywhere(page, line, calls, organisation, lotte, thomas):
    """Decision 0030: neither the strip nor the bar, a file or a call tells of it."""
    call = calls(**ASKED)
    Around.objects.create(organisation=organisation, alert=Alert.objects.get(), account=thomas)
    again = line.calls(NUMBER)
    line.talks(again, thomas)
    for name, *args in (
        ("line_bar",),
        ("board",),
        ("line_call", call.pk),
        ("line_call", again),
        ("case_page", Case.objects.get().pk),
    ):
        words = page(thomas, name, *args)
        assert "Danger was heard" not in words
        assert "is in danger" not in words


def test_a_call_whose_form_was_sent_has_its_callers_name(page, calls, lotte):
    call = calls(danger=False, **ASKED)
    assert call.person is not None
    bar = page(lotte, "line_bar")
    assert "Hélène Maes" in bar
    assert "A new caller" not in bar
    assert "Call with Hélène Maes" in page(lotte, "line_call", call.pk)


def test_the_bar_of_an_open_page_hears_the_name(page, line, calls, lotte):
    call = calls(danger=False)
    before = page(lotte, "line_bar").split('data-mark="')[1].split('"')[0]
    person = people.record_person(organisation=call.organisation, who=Who(name="Hélène Maes"))
    telephony.name_caller(call=call, person=person)
    assert page(lotte, "line_bar").split('data-mark="')[1].split('"')[0] != before


# ---- pressed by mistake, or for somebody else ----


def test_whose_danger_it_is_is_asked_before_anything_else(page, calls, lotte):
    panel = page(lotte, "line_call", calls().pk).split('id="line-risk"')[1]
    first = panel.index("ou de quelqu’un d’autre")
    assert first < panel.index("mettre fin à vos jours") < panel.index("Où est cette personne")
    assert "If it is about someone else" in panel
    # What to say now comes first, then the number that they ask for, with whom to call below it.
    assert first < panel.index("02 000 14 99") < panel.index("tel:112")


def test_a_mistake_is_taken_back_at_once_and_tells_nobody_else(page, calls, signed_in, lotte, thomas, sara):
    call = calls()
    assert "It was a mistake" in page(lotte, "line_call", call.pk)
    where = reverse("line_risk", args=[call.pk])
    answer = signed_in(lotte).post(where, {"do": "mistake"}, headers={"hx-request": "true"})
    assert "Undone." in answer.text
    assert "risk-title" not in answer.text
    alert = Alert.objects.get()
    assert (alert.state, alert.closed_by, alert.next_at) == ("closed", lotte, None)
    with clock.stopped_at(clock.now() + timedelta(minutes=10)):
        assert not alerts.climb(clock.now())
    assert "Pressed by mistake." in page(thomas, "alert", alert.pk)
    # Heard after all, it begins again, and cannot be taken back a second time.
    signed_in(lotte).post(where)
    alert.refresh_from_db()
    assert alert.state == "open"
    assert "It was a mistake" not in page(lotte, "line_call", call.pk)


@pytest.mark.parametrize("late", ["taken", "climbed", "another"])
def test_what_was_no_mistake_any_more_is_not_taken_back(page, calls, signed_in, lotte, thomas, sara, late):
    call = calls()
    alert, at, account = Alert.objects.get(), clock.now(), lotte
    if late == "taken":
        alerts.take(actor=of_account(thomas), alert_id=alert.pk)
    elif late == "climbed":
        at += timedelta(minutes=2)
    else:
        account = sara
    with clock.stopped_at(at):
        assert "It was a mistake" not in page(account, "line_call", call.pk)
        where = reverse("line_risk", args=[call.pk])
        answer = signed_in(account).post(where, {"do": "mistake"}, follow=True)
    assert "It can no longer be undone." in answer.text
    alert.refresh_from_db()
    assert alert.state != "closed"
