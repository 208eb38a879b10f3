"""A form with words of danger is sent once somebody has said whether it is one; begun and not sent, it stands on the
board."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.alerts.models import Alert, Told
from quartier.audit.models import Entry
from quartier.cases.models import Case, Request
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.duty.actions import write_letters
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.messaging.models import Message

pytestmark = pytest.mark.django_db
WORDS = "Elle dit qu'elle veut mourir"
FETCH = {"X-Requested-With": "fetch"}
DANGER_VERBS = ("request.danger_alert", "request.danger_none")


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def verbs():
    return list(Entry.objects.filter(verb__in=DANGER_VERBS).values_list("verb", flat=True))


def test_it_is_asked_once_and_the_answer_is_kept(desk):
    address = begin(desk)
    asked = desk.post(address, typed(desk, address, **MARIE | {"words": WORDS}), headers=FETCH)
    assert asked.status_code == 422
    assert 'name="danger" value="alert"' in asked.json()["danger"]
    assert not Case.objects.exists()
    sent = typed(desk, address, **MARIE | {"words": WORDS}, danger="none")
    assert desk.post(address, sent, headers=FETCH).json()["sent"]
    assert verbs() == ["request.danger_none"] * 2
    assert not Alert.objects.exists()
    page = desk.get(reverse("request_page", args=[Request.objects.first().pk])).content.decode()
    assert "Words of danger, but no one is in danger, by Lotte" in page


def test_without_a_script_the_page_asks(desk):
    address = begin(desk)
    asked = desk.post(address, typed(desk, address, **MARIE | {"words": WORDS}))
    assert asked.status_code == 422
    assert "Nothing has been sent yet. Is someone in danger?" in asked.content.decode()
    assert not Case.objects.exists()
    calm = typed(desk, address, **MARIE)
    assert desk.post(address, calm).status_code == 302
    assert verbs() == []


def test_an_answer_without_words_of_danger_raises_nothing(desk):
    address = begin(desk)
    assert desk.post(address, typed(desk, address, **MARIE, danger="alert")).status_code == 302
    assert (verbs(), Alert.objects.count()) == ([], 0)


def test_the_alert_is_about_whoever_is_helped(desk, thomas, signed_in):
    address = begin(desk)
    sent = typed(desk, address, **MARIE | {"words": WORDS}, danger="alert")
    assert desk.post(address, sent).status_code == 302
    alert = Alert.objects.get()
    assert (alert.kind, alert.person, alert.state) == ("call", Case.objects.get().person, "open")
    assert Told.objects.filter(alert=alert).exists()
    assert verbs() == ["request.danger_alert"] * 2
    client = signed_in(thomas)
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Marie Peeters" in page
    assert reverse("case_page", args=[Case.objects.get().pk]) in page
    strip = client.get(reverse("alerts_strip")).content.decode()
    assert "Marie Peeters" in strip


def test_on_a_call_it_is_the_alert_of_the_call(desk, lotte, organisation, settings):
    settings.LINE_WSS = "wss://line.example.org/sip"
    line = Line(organisation)
    call = line.calls()
    line.talks(call, lotte)
    desk.get(reverse("line_call", args=[call]))
    address = reverse("intake_page", args=[Draft.objects.get().pk])
    sent = typed(desk, address, **MARIE | {"words": WORDS})
    assert desk.post(address, sent, headers=FETCH).status_code == 422
    desk.post(reverse("line_risk", args=[call]))
    # The team knows of this call: it is not asked about again.
    assert desk.post(address, sent, headers=FETCH).status_code == 200
    assert Alert.objects.get().call_id == call


def board(client):
    return client.get(reverse("board")).content.decode()


def test_what_was_begun_stands_on_the_board(desk, thomas, signed_in, tuesday, monkeypatch):
    address = begin(desk)
    draft = Draft.objects.get()
    assert "data-begun" not in board(desk)
    desk.post(f"{address}save/", typed(desk, address, words="She has no bread left."))
    assert "data-begun" not in board(desk)
    Draft.objects.update(updated_at=tuesday - timedelta(minutes=11))
    other = signed_in(thomas)
    shown = board(other)
    assert "Started on the phone and not sent" in shown
    assert "Lotte" in shown.split("data-begun")[1].split("</li>")[0]
    assert "Nothing is waiting for a person." not in shown
    taken = other.post(reverse("intake"), {"do": "take_over", "draft": str(draft.pk)})
    assert taken["Location"] == reverse("intake_page", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.account == thomas
    assert Entry.objects.filter(verb="draft.take_over", subject_id=draft.pk).exists()


def test_words_of_danger_stand_there_at_once_and_nobody_takes_them_away(desk, thomas, signed_in):
    address = begin(desk)
    desk.post(f"{address}save/", typed(desk, address, words=WORDS))
    other = signed_in(thomas)
    shown = board(other)
    assert "Started and not sent, with words of danger" in shown
    assert WORDS not in shown
    # Filters are of requests alone: with none of them the board is calm while a form with such words lies there.
    for chosen in ("show=urgent", "show=late", "show=mine", "kind=dog"):
        assert 'class="calm"' not in other.get(f"{reverse('board')}?{chosen}").content.decode()
    draft = Draft.objects.get()
    other.post(reverse("intake"), {"do": "take_over", "draft": str(draft.pk)})
    other.post(reverse("intake"), {"do": "take_over", "draft": "nonsense"})
    draft.refresh_from_db()
    assert draft.account.name == "Lotte"


def test_a_form_that_was_left_is_given_back_at_once(desk, thomas, lotte, signed_in):
    """Nobody "is writing now" in it; whoever types on in it has it again."""
    address = begin(desk)
    draft = Draft.objects.get()
    words = {"words": WORDS, "page": "a"}
    desk.post(f"{address}save/", typed(desk, address, **words, revision=1))
    assert "is writing now" in board(signed_in(thomas))
    own = signed_in(lotte)
    own.post(f"{address}save/", typed(own, address, **words, revision=2, later="yes"))
    assert "I’ll carry on with it" in board(signed_in(thomas))
    own = signed_in(lotte)
    own.post(f"{address}save/", typed(own, address, **words, revision=3))
    other = signed_in(thomas)
    assert "is writing now" in board(other)
    other.post(reverse("intake"), {"do": "take_over", "draft": str(draft.pk)})
    draft.refresh_from_db()
    assert draft.account.name == "Lotte"
    # Without a script the button leads where its link led.
    own = signed_in(lotte)
    left = own.post(f"{address}save/", typed(own, address, words=WORDS, later="page"))
    assert left["Location"] == reverse("intake")
    other = signed_in(thomas)
    other.post(reverse("intake"), {"do": "take_over", "draft": str(draft.pk)})
    draft.refresh_from_db()
    assert draft.account == thomas
    # Whoever took it is writing now.
    assert "is writing now" in board(signed_in(lotte))


def test_a_letter_of_duty_names_a_form_that_lies_there_with_words_of_danger(
    desk, organisation, thomas, tuesday
):
    address = begin(desk)
    desk.post(f"{address}save/", typed(desk, address, words=WORDS))

    def letter(hours):
        clock.set_time(tuesday + timedelta(hours=hours))
        write_letters(clock.now())
        return Message.objects.order_by("-pk").first()

    ends = letter(7)
    assert (ends.template, ends.person.name) == ("duty_end", "Thomas")
    named = "un formulaire commencé au téléphone et pas envoyé, avec des mots qui font penser à un danger"
    assert "Lotte, depuis aujourd’hui à 11\u00a0h" in ends.body
    assert named in ends.body
    assert WORDS not in ends.body
    begins = letter(21)
    assert begins.template == "duty_begin"
    assert named in begins.body


def test_something_else_says_what_exactly(desk):
    address = begin(desk)
    own = MARIE | {"kinds": ["other"], "detail_groceries": "", "words": "She needs her lamp hung."}
    wrong = desk.post(address, typed(desk, address, **own), headers=FETCH)
    assert set(wrong.json()["wrong"]) == {"detail_other"}
    desk.post(address, typed(desk, address, **own, detail_other="Hang a lamp"))
    page = desk.get(reverse("request_page", args=[Request.objects.get().pk])).content.decode()
    assert "Asked in their own words" in page
    # Beside the question whether to ask, and not only in the file.
    assert "She needs her lamp hung." in page.split('aria-labelledby="next"')[1].split("</section>")[0]


@pytest.mark.parametrize(("page", "begins"), [("nl", "Mag ik"), ("fr", "Puis-je"), ("de", "Darf ich")])
def test_the_form_begins_in_the_language_of_the_page(desk, page, begins):
    organisation = Draft._meta.get_field("organisation").related_model.objects.get()
    organisation.languages = ["fr", "nl", "de", "en"]
    organisation.save()
    answer = desk.post(f"/{page}/console/take/", {"phone": "02 000 14 99"}, follow=True)
    text = answer.content.decode()
    assert f'<option value="{page}" selected>' in text
    for code in ("fr", "nl", "de", "en"):
        assert text.count(f'data-said-in="{code}"') == 3
    assert begins in text.split(f'data-said-in="{page}"')[1]
