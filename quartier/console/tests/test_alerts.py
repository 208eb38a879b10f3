"""Danger on every page until somebody has it, and the page on which it is looked after."""

import pytest
from django.urls import reverse

from quartier.alerts import actions, edge_trouble
from quartier.alerts.models import Alert, Wake
from quartier.console.tests.line_scene import Line
from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.messaging import incoming
from quartier.messaging.providers import heard
from quartier.team.access import of_account
from quartier.telephony import actions as telephony
from quartier.telephony.models import Call

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(organisation, settings, tuesday, lotte, thomas, sara):
    settings.LINE_WSS = "wss://line.example.org"
    call = Call.objects.get(pk=Line(organisation).calls())
    return actions.raise_alert(actor=of_account(lotte), call=call)


@pytest.fixture
def page(signed_in):
    def read(account, name, *args):
        answer = signed_in(account).get(reverse(name, args=args))
        assert answer.status_code == 200
        return answer.content.decode().replace("\u00a0", " ")

    return read


def do(signed_in, account, alert, **data):
    return signed_in(account).post(reverse("alert_act", args=[alert.pk]), data)


def test_it_stands_on_every_page_until_it_is_closed(page, signed_in, alert, lotte, thomas):
    for name in ("board", "search", "line_callbacks"):
        assert "no one is dealing with it yet" in page(lotte, name)
    do(signed_in, thomas, alert, do="take")
    assert "Thomas is dealing with it" in page(lotte, "board")
    assert "you are dealing with it" in page(thomas, "board")
    do(signed_in, thomas, alert, do="close", words="Her doctor is there.")
    assert "is in danger" not in page(lotte, "board")
    assert "Her doctor is there." in page(thomas, "alert", alert.pk)


def test_the_box_for_words_is_empty_and_keeps_what_was_typed(page, signed_in, alert, thomas, lotte):
    words = page(thomas, "alert", alert.pk)
    assert words.split("<textarea")[1].split("</textarea>")[0].endswith(">")
    answer = do(signed_in, thomas, alert, do="close", words="   ")
    assert answer.status_code == 422
    assert "Say what was done" in answer.content.decode()
    assert "<textarea" not in page(lotte, "alert", alert.pk)


def test_somebody_else_has_it(page, signed_in, alert, thomas, sara):
    do(signed_in, thomas, alert, do="take")
    answer = signed_in(sara).post(reverse("alert_act", args=[alert.pk]), {"do": "take"}, follow=True)
    assert "Someone else is already dealing with it." in answer.content.decode()
    do(signed_in, thomas, alert, do="give_back")
    assert Alert.objects.get().state == "open"


def test_nobody_of_elsewhere_sees_it(signed_in, alert, bram, page):
    assert signed_in(bram).get(reverse("alert", args=[alert.pk])).status_code == 404
    assert do(signed_in, bram, alert, do="take").status_code == 404
    assert "no one is dealing with it yet" not in page(bram, "board")


def test_being_woken_is_asked_for_and_taken_back(signed_in, alert, lotte, page):
    assert "Alert me when a caller is waiting" in page(lotte, "line_bar")
    signed_in(lotte).post(reverse("alerts_wake"), {"wish": "yes"})
    assert Wake.objects.filter(account=lotte).exists()
    assert "Stop alerting me" in page(lotte, "line_bar")
    signed_in(lotte).post(reverse("alerts_wake"), {"wish": "no"})
    assert not Wake.objects.exists()


def test_words_of_danger_stand_on_every_page_and_on_their_own(signed_in, page, organisation, thomas, lotte):
    told = heard.Incoming("e1", "text", "+32400001003", "Je veux mourir, personne ne vient.", clock.now())
    incoming.received(organisation, "sandbox", told)
    assert conversation.take_next()
    alert = Alert.objects.get()
    assert "may be in danger has written" in page(lotte, "board")
    shown = page(thomas, "alert", alert.pk)
    assert "personne ne vient" in shown
    assert "tel:+32400001003" in shown
    do(signed_in, thomas, alert, do="take")
    do(signed_in, thomas, alert, do="close", words="Son frère est là.")
    assert "may be in danger has written" not in page(lotte, "board")


@pytest.mark.parametrize(
    ("trouble", "line", "seen"),
    [
        ("away", "The phone line is not answering. No one", "no one who calls us gets through"),
        ("blind", "No calls go out: the line cannot see", "no calls between neighbours"),
    ],
)
def test_a_line_whose_edge_is_away_says_what_to_do_and_names_nobody_in_danger(
    page, tuesday, lotte, thomas, trouble, line, seen
):
    telephony.tell_edge_trouble(trouble)
    edge_trouble.settle_edge_alerts()
    assert line in page(lotte, "board")
    said = page(thomas, "alert", Alert.objects.get().pk)
    assert seen in said
    assert "Kamailio" in said
    assert "closes automatically" in said
    assert "every hour by day" in said
    for other in ("is in danger", "someone has met them", "112"):
        assert other not in said
    telephony.tell_edge_trouble("")
    edge_trouble.settle_edge_alerts()
    assert line not in page(lotte, "board")
