"""Concerns at the desk: the list, one of them, writing one down, and whom the group trusts."""

import pytest
from django.http import Http404
from django.urls import reverse

from quartier.alerts.models import Trustee
from quartier.concerns import access, actions, jobs
from quartier.concerns.actions import Raised
from quartier.concerns.models import Concern
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
    assert "somebody sees a danger" in desk.get(reverse("board")).content.decode()
    assert desk.get(reverse("alert", args=[concern.alert_id]))["Location"] == reverse(
        "concern_page", args=[concern.pk]
    )
    assert "Des cris la nuit." in desk.get(reverse("concern_page", args=[concern.pk])).content.decode()
    assert "somebody sees a danger" not in signed_in(lotte).get(reverse("board")).content.decode()


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
    assert answer["Location"].endswith(f"/concern/{actions.token_of(concern)}/")
    assert (concern.account, concern.case, concern.by) == (thomas, case, "team")
    assert list(concern.alert.around.values_list("account", flat=True)) == [thomas.pk]
    assert desk.post(where, {"about": "team", "words": ""}).status_code == 422


def test_the_coordinator_writes_down_what_is_said_about_them_and_sees_it_no_more(signed_in, thomas, sara):
    answer = signed_in(thomas).post(
        reverse("concern_tell"), {"about": "team", "account": str(thomas.pk), "words": "Il crie."}
    )
    assert answer.status_code == 302
    assert signed_in(thomas).get(answer["Location"]).status_code == 404
    assert "Il crie" not in signed_in(thomas).get(reverse("concerns")).content.decode()
    assert signed_in(sara).get(reverse("concern_page", args=[Concern.objects.get().pk])).status_code == 200


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
