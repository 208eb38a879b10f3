"""Every page with room for words of one's own: danger in them is an alert, and the page answers with the numbers; what
our team is said to read waits until somebody has."""

# ruff: noqa: F401, F811 (fixtures of another room)

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from quartier.alerts.models import Alert
from quartier.cases.models import Case
from quartier.companions.models import CallWish
from quartier.concerns.models import Concern
from quartier.conversation import queries
from quartier.conversation.models import ToRead
from quartier.followup import access as followup
from quartier.followup import actions
from quartier.followup.models import FollowUp, HelperSays
from quartier.followup.tests.conftest import agreed, ask, helped
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.public.tests.conftest import ANSWERS
from quartier.team.access import of_account
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
DANGER = "Mon mari me frappe, je veux mourir. Aidez-moi"
PLAIN = "La sonnette de gauche ne marche pas"
OF_TEAM = "Thomas me frappe, il me menace"


def tell(make, words):
    return f"/fr/status/{make.opened().token}/tell/", {"words": words}


def tell_and_call(make, words):
    return f"/fr/status/{make.opened().token}/tell/", {"words": words, "call": "on"}


def details(make, words):
    opened = make.opened("other")
    with translation.override("fr"):
        return reverse("status_list", args=[opened.token, opened.requests[0].pk]), {"details": words}


def shopping_list(make, words):
    opened = make.opened("groceries")
    with translation.override("fr"):
        return reverse("status_list", args=[opened.token, opened.requests[0].pk]), {
            "lines": words,
            "substitutions": "ask",
        }


def check_in_notes(make, words):
    return f"/fr/status/{make.opened().token}/check-ins/", {"occasions": ["heat"], "notes": words}


def after(make, words):
    return f"/fr/after/{followup.token_of(make.asked_after())}/", {
        "happened": "yes", "how": "3", "need": "no", "words": words,
    }  # fmt: skip


def after_visit(make, words):
    visit = make.helped()
    with translation.override("fr"):
        where = reverse("offer_link", args=[matching.token_of(visit.offer)])
    return where, {"do": "how", "how": "hard", "words": words}


def wish_to_be_called(make, words):
    return f"/fr/status/{make.opened().token}/called/", {
        "do": "wish", "languages": ["fr"], "slots": ["1"], "to_know": words, "consent": "on",
    }  # fmt: skip


def check(make, words):
    return f"/fr/check/{followup.check_token_of(make.checked())}/", {"do": "fine", "words": words}


READ = [tell, check_in_notes, after, after_visit]
ALONE = [details, shopping_list, wish_to_be_called]
PAGES = [*READ, *ALONE, tell_and_call, check]


@pytest.fixture
def make(asked, helped, ask, agreed, thomas, sara):
    """What the pages need before they are there."""

    class Make:
        def opened(self, kind="groceries"):
            return asked(kind, urgency="day")

        def helped(self):
            return helped()

        def asked_after(self):
            helped()
            return ask()[0]

        def checked(self):
            agreed(1)
            return actions.start(actor=of_account(thomas), plan=actions.Plan("heat")).check_ins.get()

    return Make()


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).replace("\xa0", " ").split())


@pytest.mark.parametrize("page", PAGES)
def test_danger_is_an_alert_and_the_page_gives_the_numbers(client, make, thomas, sara, page):
    where, form = page(make, DANGER)
    shown = client.post(where, form, follow=True)
    assert shown.redirect_chain, where
    told = text_of(shown).split("We never")[0]
    assert "Nous prévenons notre équipe maintenant." in told
    main = shown.content.decode().split('id="main"')[1].split("<footer")[0]
    assert "tel:112" in main
    assert "tel:080030330" in main, "those for violence too"
    alert = Alert.objects.get(kind="written")
    assert [each.received.body for each in queries.in_danger(alert)] == [DANGER]
    assert [each.received.body for each in queries.unread(of_account(sara))] == [DANGER]
    client.post(where, form, follow=True)
    assert Alert.objects.filter(kind="written").count() == 1
    assert ToRead.objects.count() == 1


@pytest.mark.parametrize("page", READ)
def test_what_our_team_reads_waits_until_it_has(client, make, thomas, page):
    where, form = page(make, PLAIN)
    shown = client.post(where, form, follow=True)
    assert "prévenons notre équipe" not in text_of(shown)
    assert not Alert.objects.exists()
    (waiting,) = queries.unread(of_account(thomas))
    assert waiting.received.body == PLAIN
    # In the file too.
    case = Case.objects.get()
    assert waiting.case == case
    assert PLAIN in [line.words for line in queries.thread(of_account(thomas), case_id=case.pk)]
    client.post(where, form, follow=True)
    assert ToRead.objects.count() == 1


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_named_does_not_read_it(client, make, thomas, sara, page):
    where, form = page(make, OF_TEAM)
    client.post(where, form, follow=True)
    assert [each.received.body for each in queries.unread(of_account(sara))] == [OF_TEAM]
    assert list(queries.unread(of_account(thomas))) == []
    for case in Case.objects.all():
        lines = queries.thread(of_account(thomas), case_id=case.pk)
        assert OF_TEAM not in [line.words for line in lines]
        assert OF_TEAM not in [each.details for each in case.requests.all()]
    kept = [
        *Contact.objects.all(), *FollowUp.objects.all(), *HelperSays.objects.all(),
    ]  # fmt: skip
    assert OF_TEAM not in [each.words for each in kept]


NEXT = "Il revient demain à huit heures"


def opens_wide(make, page):
    """A page of which nothing says that our team reads it, and one that is said to be read, of the same person."""
    where, form = page(make, NEXT)
    return where, form, re.sub(r"(/status/[^/]+/).*", r"\1tell/", where)


@pytest.mark.parametrize("page", ALONE)
def test_what_follows_goes_around_whoever_was_named(client, make, thomas, sara, page):
    where, form, tell_page = opens_wide(make, page)
    client.post(tell_page, {"words": OF_TEAM}, follow=True)
    shown = client.post(where, form, follow=True)
    assert shown.status_code == 200
    assert [each.received.body for each in queries.unread(of_account(sara))] == [OF_TEAM, NEXT]
    assert list(queries.unread(of_account(thomas))) == []
    alert = Alert.objects.get(kind="written")
    assert [each.received.body for each in queries.in_danger(alert)] == [OF_TEAM, NEXT]
    case = Case.objects.get()
    assert NEXT not in [line.words for line in queries.thread(of_account(thomas), case_id=case.pk)]
    assert NEXT not in [each.details for each in case.requests.all()]
    assert not CallWish.objects.filter(case=case).exclude(to_know="").exists()


@pytest.mark.parametrize("page", ALONE)
def test_what_follows_is_read_too(client, make, thomas, page):
    where, form, tell_page = opens_wide(make, page)
    client.post(tell_page, {"words": DANGER}, follow=True)
    client.post(where, form, follow=True)
    assert [each.received.body for each in queries.unread(of_account(thomas))] == [DANGER, NEXT]
    kept = [each.details for each in Case.objects.get().requests.all()]
    kept += [each.to_know for each in CallWish.objects.all()]
    assert NEXT in kept, "it goes around nobody, so that the page does what it is for"
    # Long after somebody has dealt with it the page is only that again.
    alert = Alert.objects.get(kind="written")
    Alert.objects.filter(pk=alert.pk).update(
        state="closed", closed_at=clock.now() - timedelta(hours=2), next_at=None
    )
    ToRead.objects.all().delete()
    later = {name: "Du pain" if words == NEXT else words for name, words in form.items()}
    client.post(where, later, follow=True)
    assert list(queries.unread(of_account(thomas))) == []


def test_a_check_in_with_danger_is_not_fine(client, make):
    row = make.checked()
    client.post(f"/fr/check/{followup.check_token_of(row)}/", {"do": "fine", "words": DANGER})
    row.refresh_from_db()
    assert row.state == "needs_help"


def test_what_was_said_of_a_visit_is_not_read_by_who_went(client, make, youssef, thomas):
    row = make.asked_after()
    client.post(f"/fr/after/{followup.token_of(row)}/", {"happened": "yes", "words": PLAIN})
    assert [each.received.body for each in queries.unread(of_account(thomas))] == [PLAIN]
    who_went = of_account(youssef.person.account)
    assert list(queries.unread(who_went)) == []
    lines = queries.thread(who_went, case_id=Case.objects.get().pk)
    assert PLAIN not in [line.words for line in lines]


@pytest.mark.parametrize("words", [DANGER, PLAIN])
def test_asking(client, answering, words):
    answers = ANSWERS | {"details": {"pharmacy": words}}
    url = answering(answers=answers)
    shown = client.post(url, {"consent": "on", "agree": "on"}, follow=True)
    assert Case.objects.count() == 1, text_of(shown)
    is_danger = words == DANGER
    assert Alert.objects.filter(kind="written").exists() == is_danger
    assert ("Nous prévenons notre équipe maintenant." in text_of(shown)) == is_danger
    if is_danger:
        assert ToRead.objects.get().case == Case.objects.get()


@pytest.mark.parametrize("path", ["/fr/concern/"])
def test_a_worry_with_danger_is_one_of_danger(client, organisation, thomas, path):
    shown = client.post(path, {"about": "unknown", "words": DANGER}, follow=True)
    assert Concern.objects.get().alert.degree == "danger"
    assert "tel:112" in shown.content.decode().split('id="main"')[1].split("<footer")[0]


def test_an_objection_with_danger_is_a_concern(client, organisation, thomas):
    where = reverse("objection").replace("/en/", "/fr/")
    shown = client.post(where, {"phone": "0470 00 00 12", "email": "", "words": DANGER}, follow=True)
    assert Concern.objects.get().alert.degree == "danger"
    assert "Nous prévenons notre équipe maintenant." in text_of(shown)


def test_what_worries_a_volunteer(client, make, youssef):
    visit = make.helped()
    Assignment.objects.filter(pk=visit.pk).update(state="accepted", ended_at=None)
    with translation.override("fr"):
        where = reverse("offer_link", args=[matching.token_of(visit.offer)])
    shown = client.post(where, {"do": "worried", "about": "helped", "words": DANGER}, follow=True)
    assert Concern.objects.get().alert.degree == "danger"
    assert "Nous prévenons notre équipe maintenant." in text_of(shown)
