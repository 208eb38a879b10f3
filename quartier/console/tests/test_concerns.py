"""Concerns at the desk: the list, one of them, writing one down, and whom the group trusts."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from quartier.alerts.models import Trustee
from quartier.concerns import access, actions, jobs
from quartier.concerns.actions import Raised
from quartier.concerns.models import Concern
from quartier.console.tests.line_scene import Line as CallScene
from quartier.lib import clock
from quartier.team.access import of_account, system
from quartier.telephony import access as telephony
from quartier.telephony import actions as line
from quartier.telephony.models import Audio
from quartier.telephony.tests.room import Line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "lotte", "thomas", "sara")]


@pytest.fixture
def concern(organisation):
    said = Raised("unknown", "Des cris la nuit.", "anybody", danger=True)
    return actions.raise_concern(actor=system(organisation), said=said)[0]


def do(signed_in, who, concern, **data):
    return signed_in(who).post(reverse("concern_act", args=[concern.pk]), data, follow=True)


def test_a_danger_stands_on_every_page_and_leads_to_the_concern(signed_in, concern, thomas, lotte):
    desk = signed_in(thomas)
    assert "urgent concern" in desk.get(reverse("board")).content.decode()
    assert desk.get(reverse("alert", args=[concern.alert_id]))["Location"] == reverse(
        "concern_page", args=[concern.pk]
    )
    assert "Des cris la nuit." in desk.get(reverse("concern_page", args=[concern.pk])).content.decode()
    assert "urgent concern" not in signed_in(lotte).get(reverse("board")).content.decode()


def test_taken_given_back_and_closed_with_both_texts(signed_in, concern, thomas):
    do(signed_in, thomas, concern, do="take")
    concern.alert.refresh_from_db()
    assert concern.alert.state == "taken"
    assert do(signed_in, thomas, concern, do="close", words="Police.", answer="").status_code == 422
    page = do(
        signed_in, thomas, concern, do="close", words="Police.", answer="On y est allé."
    ).content.decode()
    assert "On y est allé." in page
    assert "Des cris" in signed_in(thomas).get(reverse("concern_page", args=[concern.pk])).content.decode()


def test_it_says_how_the_answer_reaches_who_raised_it(signed_in, concern, organisation, thomas):
    def page(one):
        return signed_in(thomas).get(reverse("concern_page", args=[one.pk])).content.decode()

    def called(number):
        said = Raised("unknown", "Des cris.", "phone", contact=number)
        return actions.raise_concern(actor=system(organisation), said=said)[0]

    assert "They read it on their page." in page(concern)
    assert "call them and tell them this" in page(called("+32470112233"))
    assert "They left no way to reach them." in page(called(""))


def test_named_it_is_gone_for_them(signed_in, concern, thomas, sara):
    do(signed_in, sara, concern, do="name", account=str(thomas.pk))
    assert signed_in(thomas).get(reverse("concern_page", args=[concern.pk])).status_code == 404
    assert do(signed_in, sara, concern, do="name", account=str(sara.pk)).status_code == 404


def test_an_operator_writes_one_down_about_the_coordinator(signed_in, lotte, thomas, sara, asked):
    case = asked("groceries").case
    desk = signed_in(lotte)
    where = f"{reverse('concern_tell')}?case={case.pk}"
    assert "Thomas" in desk.get(where).content.decode()
    answer = desk.post(
        where, {"case": str(case.pk), "about": "team", "account": str(thomas.pk), "words": "Il crie."}
    )
    concern = Concern.objects.get()
    assert answer["Location"] == reverse("case_page", args=[case.pk])
    assert reverse("concern_follow", args=[actions.token_of(concern)]) in desk.get(answer["Location"]).text
    assert (concern.account, concern.case, concern.by) == (thomas, case, "team")
    assert list(concern.alert.around.values_list("account", flat=True)) == [thomas.pk]
    assert desk.post(where, {"about": "team", "words": ""}).status_code == 422


def test_the_coordinator_writes_down_what_is_said_about_them_and_sees_it_no_more(signed_in, thomas, sara):
    answer = signed_in(thomas).post(
        reverse("concern_tell"), {"about": "team", "account": str(thomas.pk), "words": "Il crie."}
    )
    assert answer["Location"] == reverse("concerns")
    shown = signed_in(thomas).get(answer["Location"])
    assert shown.status_code == 200
    assert "Saved." in shown.text
    assert "/concern/" not in shown.text, "its page does not exist for whom it goes around"
    assert "Il crie" not in signed_in(thomas).get(reverse("concerns")).content.decode()
    assert signed_in(sara).get(reverse("concern_page", args=[Concern.objects.get().pk])).status_code == 200


def test_whom_it_is_about_is_chosen_and_never_assumed(signed_in, lotte):
    desk = signed_in(lotte)
    page = desk.get(reverse("concern_tell")).text
    assert "checked" not in page.split('name="about"', 1)[1].split("</fieldset>")[0]
    answer = desk.post(reverse("concern_tell"), {"words": "Des cris.", "named": "Un voisin"})
    assert answer.status_code == 422
    assert "Choose who it is about" in answer.text
    assert "Des cris." in answer.text
    assert not Concern.objects.exists()


def test_somebody_of_the_team_whom_nobody_names_is_noted_without_a_page_that_is_not_there(signed_in, lotte):
    desk = signed_in(lotte)
    answer = desk.post(reverse("concern_tell"), {"about": "team", "words": "Il crie."}, follow=True)
    assert answer.status_code == 200
    assert "Saved." in answer.text
    assert "/concern/" not in answer.text


@pytest.fixture
def talking(organisation, asked, lotte, settings):
    """Lotte talks with somebody who is known by their number."""
    settings.LINE_WSS = "wss://line.example.org"
    asked("groceries")
    scene = CallScene(organisation)
    return scene.talks(scene.calls(), lotte)


def test_a_concern_of_a_call_leads_back_to_the_call(signed_in, talking, lotte, thomas):
    desk = signed_in(lotte)
    where = f"{reverse('concern_tell')}?call={talking.pk}"
    assert 'id="line-end"' in desk.get(where).text
    said = {"call": str(talking.pk), "about": "neighbour", "words": "Plus de lumière depuis lundi."}
    answer = desk.post(where, {**said, "named": "Monsieur Pirard", "address": "Rue du Page 40"}, follow=True)
    assert answer.redirect_chain == [(reverse("line_call", args=[talking.pk]), 302)]
    assert "Saved." in answer.text
    assert 'id="line-end"' in answer.text
    concern = Concern.objects.get()
    link = reverse("concern_follow", args=[actions.token_of(concern)])
    assert f'{link}" target="_blank"' in answer.text
    assert link in desk.get(reverse("line_call", args=[talking.pk])).text.replace("\n", "")
    assert (concern.about, concern.named, concern.address) == (
        "neighbour",
        "Monsieur Pirard",
        "Rue du Page 40",
    )
    page = signed_in(thomas).get(reverse("concern_page", args=[concern.pk])).text
    assert "Rue du Page 40" in page
    assert link not in signed_in(thomas).get(reverse("line_call", args=[talking.pk])).text


def test_the_caller_is_whom_it_is_about_only_where_that_is_said(signed_in, talking, lotte):
    desk = signed_in(lotte)
    said = {"call": str(talking.pk), "about": "helped", "words": "Elle ne mange plus.", "named": "Nelly"}
    desk.post(reverse("concern_tell"), said)
    assert Concern.objects.get().person is None
    assert "It is about the caller: Marie Peeters" in desk.get(
        reverse("concern_tell"), {"call": str(talking.pk)}
    ).text.replace("\u00a0", " ")
    desk.post(reverse("concern_tell"), {**said, "is_caller": "on"})
    assert Concern.objects.order_by("pk").last().person == talking.person
    desk.post(reverse("concern_tell"), {**said, "about": "neighbour", "is_caller": "on"})
    assert Concern.objects.order_by("pk").last().person is None


def test_what_is_half_written_is_there_again_and_gone_once_sent(signed_in, talking, lotte):
    desk = signed_in(lotte)
    where = f"{reverse('concern_tell')}?call={talking.pk}"
    said = {
        "call": str(talking.pk),
        "about": "neighbour",
        "words": "Plus de lumière.",
        "address": "Rue du Page 40",
    }
    assert desk.post(where, said, headers={"x-requested-with": "fetch"}).status_code == 200
    assert not Concern.objects.exists()
    assert "Plus de" not in str(dict(desk.session))
    page = desk.get(where).text
    assert "Plus de lumière." in page
    assert "Rue du Page 40" in page
    assert 'value="neighbour" checked' in page
    assert "Plus de lumière." not in desk.get(reverse("concern_tell")).text, "of another call, or of none"
    desk.post(where, said)
    assert "Plus de lumière." not in desk.get(where).text


def test_the_script_leads_to_writing_a_worry_down(signed_in, talking, lotte):
    page = signed_in(lotte).get(reverse("line_call", args=[talking.pk])).text
    script = page.split('id="script"')[1].split('id="intake"')[0]
    assert f"{reverse('concern_tell')}?call={talking.pk}" in script


def test_the_head_says_whom_the_group_trusts(signed_in, sara, thomas):
    head = signed_in(sara)
    assert head.post(reverse("trustee"), {"name": "Agnès"}).status_code == 422
    assert head.post(reverse("trustee"), {"name": "Thomas", "email": "thomas@example.org"}).status_code == 422
    head.post(reverse("trustee"), {"name": "Agnès", "email": "agnes@example.org"})
    assert Trustee.objects.get().person.name == "Agnès"
    assert "Agnès" in signed_in(thomas).get(reverse("concerns")).content.decode()
    assert signed_in(thomas).get(reverse("trustee")).status_code == 403


def test_few_statements_whatever_there_is(
    signed_in, concern, thomas, organisation, django_assert_max_num_queries
):
    for number in range(20):
        said = Raised("unknown", f"Autre {number}", "anybody")
        actions.raise_concern(actor=system(organisation), said=said)
    desk = signed_in(thomas)
    with django_assert_max_num_queries(16):
        desk.get(reverse("concerns"))


def test_what_a_caller_said_is_heard_through_the_concern_alone(organisation, thomas, sara, lotte, signed_in):
    room = Line(organisation)
    call = room.rings()
    line.call_worried(organisation=organisation, call_id=call, at=clock.now())
    room.leaves(call)
    call = room.ends(call, "voicemail", worried=True)
    assert jobs.from_the_line()
    concern, audio = Concern.objects.get(), Audio.objects.get()
    for each in (thomas, lotte):
        with pytest.raises(Http404):
            telephony.sound_for(of_account(each), audio.pk)
        assert telephony.heard_of(of_account(each), call) == []
    where = reverse("concern_sound", args=[concern.pk, audio.pk])
    page = signed_in(thomas).get(reverse("concern_page", args=[concern.pk])).content.decode()
    assert where in page
    assert signed_in(thomas).get(where).content[:4] == b"RIFF"
    assert signed_in(lotte).get(where).status_code in {302, 403, 404}
    actions.name_whom(actor=of_account(sara), concern=concern, account=thomas)
    assert signed_in(thomas).get(where).status_code == 404
    other = actions.raise_concern(actor=of_account(sara), said=Raised("unknown", "Autre.", "team"))[0]
    with pytest.raises(Http404):
        access.sound_for(of_account(sara), other, audio.pk)


def test_a_call_that_raised_a_concern_stands_among_no_calls_before(organisation, thomas, lotte, signed_in):
    room = Line(organisation)
    worried = room.rings()
    line.call_worried(organisation=organisation, call_id=worried, at=clock.now())
    room.leaves(worried)
    room.ends(worried, "voicemail", worried=True)
    again = room.rings()
    desk = signed_in(lotte)
    assert str(worried) not in desk.get(reverse("line_call", args=[again])).content.decode()
    assert desk.get(reverse("line_call", args=[worried])).status_code == 404
    # Who coordinates is led there by the concern.
    assert signed_in(thomas).get(reverse("line_call", args=[worried])).status_code == 200


def test_of_several_dangers_at_once_each_is_noted_alike(signed_in, concern, lotte):
    """Whoever was told of one a moment ago reads of the others together."""
    desk, said = signed_in(lotte), {"about": "unknown", "danger": "on"}
    for words in ("Des coups.", "De la fumée."):
        clock.advance(timedelta(seconds=20))
        page = desk.post(reverse("concern_tell"), said | {"words": words}, follow=True).content.decode()
    assert Concern.objects.latest("pk").alert.told == 0
    assert "no one may read it" not in page
