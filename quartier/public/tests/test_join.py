"""Becoming a volunteer, through the pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.lib import choices, clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import SignInCode, Volunteer

pytestmark = pytest.mark.django_db

ANSWERS = {
    "where": {"where": "Ixelles"},
    "what": {"kinds": ["groceries", "talk"]},
    "reach": {"name": "Sofia Renard", "phone": "", "email": "sofia@example.org", "charter": "on"},
}
BY_TEXT = {**ANSWERS, "reach": {**ANSWERS["reach"], "phone": "0470 12 34 56", "email": ""}}


def without_draft(page):
    return re.sub(r'\bd=[0-9a-f]{32}|value="[^"]{64}"|\w…@', "", page.content.decode())


@pytest.fixture
def joining(client, places, organisation, tuesday):
    def walk(language="fr", answers=ANSWERS):
        url = f"/{language}/join/"
        for name, words in answers.items():
            assert client.get(url).status_code == 200
            answer = client.post(url, words)
            assert answer.status_code == 302, (name, answer.content.decode()[2000:5000])
            url, last = answer["Location"], url
        return url, last

    return walk


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_three_pages_and_on_the_list(joining, client, language):
    done, _last = joining(language)
    assert client.get(done).status_code == 200
    volunteer = Volunteer.objects.get()
    assert volunteer.kinds == choices.mask(choices.KINDS, ["groceries", "talk"])
    assert (volunteer.postcode, volunteer.state) == ("1050", "active")
    assert (volunteer.person.language, volunteer.person.channel) == (language, "email")
    assert {each.template for each in Message.objects.all()} == {"sign_in_code", "welcome"}


def test_who_ticks_a_lift_in_their_car_has_said_that_they_drive(joining):
    joining(answers={**ANSWERS, "what": {"kinds": ["transport"]}})
    volunteer = Volunteer.objects.get()
    assert (volunteer.kinds, volunteer.travel) == (choices.LIFT, "car")


def test_what_was_not_asked_is_little_and_says_nothing_of_them(joining, organisation):
    organisation.daily_budget = 1
    organisation.save()
    joining()
    volunteer = Volunteer.objects.get()
    # The language of the page they could read, and no more.
    assert volunteer.languages == choices.mask(choices.LANGUAGES, ["fr"])
    assert (volunteer.travel, volunteer.slots) == ("", choices.ALL_SLOTS)
    assert (volunteer.radius_m, volunteer.capacity, volunteer.budget) == (2000, 1, 1)


def test_a_language_that_is_not_written_here_becomes_the_first_that_is(joining, organisation):
    organisation.languages = ["nl", "de"]
    organisation.save()
    joining("en")
    volunteer = Volunteer.objects.get()
    assert volunteer.person.language == "nl"
    # Nobody is sent to a door with a language of which nothing is known but that we write it.
    assert volunteer.languages == choices.mask(choices.LANGUAGES, ["en"])


@pytest.mark.parametrize(
    ("phone", "email", "channel"),
    [
        ("0470 12 34 56", "", "text"),
        ("0470 12 34 56", "sofia@example.org", "text"),
        ("02 000 14 27", "sofia@example.org", "email"),
    ],
)
def test_how_they_are_asked_follows_from_what_they_gave(joining, phone, email, channel):
    joining(answers={**ANSWERS, "reach": {**ANSWERS["reach"], "phone": phone, "email": email}})
    assert Volunteer.objects.get().person.channel == channel
    assert {each.channel for each in Message.objects.all()} == {channel}


@pytest.mark.parametrize("phone", ["", "02 000 14 27", "0470 12"])
def test_a_number_that_gets_no_text_is_said_so_and_nothing_is_lost(joining, client, phone):
    last, _before = joining(answers={name: ANSWERS[name] for name in ("where", "what")})
    page = client.post(last, {**ANSWERS["reach"], "phone": phone, "email": ""}, follow=True)
    assert 'class="oops"' in page.content.decode()
    assert "Sofia Renard" in page.content.decode()
    assert not Volunteer.objects.exists()


def test_sent_again_changes_nothing(joining, client):
    done, last = joining()
    assert client.post(last, ANSWERS["reach"])["Location"] == done
    assert Volunteer.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.parametrize("number", ["+3220001427", ""])
def test_nobody_is_promised_a_link_who_may_get_none(joining, client, organisation, number):
    organisation.phone = number
    organisation.save()
    joining()
    Message.objects.all().delete()
    # Bert, with nothing but the address of the family, under which Anna is known.
    reach = {**ANSWERS["reach"], "name": "Bert Renard"}
    done, _last = joining(answers={**ANSWERS, "reach": reach})
    page = client.get(done).content.decode()
    assert not Message.objects.filter(template="welcome").exists()
    assert "le lien vers votre page" not in page
    assert ("Si aucun code n’arrive, appelez-nous" in page) is bool(number)


@pytest.mark.parametrize("former", ["when", "who"])
def test_a_form_that_was_under_way_goes_on_with_the_question_that_is_missing(joining, client, former):
    what, _before = joining(answers={"where": ANSWERS["where"]})
    asked_then = what.replace("/what/", f"/{former}/")
    assert client.get(asked_then)["Location"] == what
    reach = client.post(what, ANSWERS["what"])["Location"]
    assert client.post(asked_then, {"name": "Sofia Renard", "always": "on"})["Location"] == reach
    done = client.post(reach, ANSWERS["reach"])["Location"]
    assert client.get(asked_then)["Location"] == done
    assert Client().post(f"/fr/join/{former}/", {"name": "Sofia"})["Location"] == "/fr/join/?lost=1"
    assert client.get("/fr/join/whence/").status_code == 404


def test_who_is_known_reads_the_same_page_and_gets_a_code(joining, client):
    first, _last = joining()
    words = without_draft(client.get(first))
    clock.advance(timedelta(minutes=1))
    again = {**ANSWERS, "what": {"kinds": ["dog"]}}
    second, _last = joining(answers=again)
    assert without_draft(client.get(second)) == words
    volunteer = Volunteer.objects.get()
    assert volunteer.kinds == choices.mask(choices.KINDS, ["groceries", "talk"])
    assert SignInCode.objects.filter(person=volunteer.person, used_at=None).count() == 2
    client.post(second, {"code": newest_code()})
    assert client.session["_auth_user_id"] == str(volunteer.person.account_id)


def test_the_charter_is_asked(joining, client):
    last, _before = joining(answers={name: ANSWERS[name] for name in ("where", "what")})
    page = client.post(last, {**ANSWERS["reach"], "charter": ""}, follow=True)
    assert page.redirect_chain
    assert 'class="oops"' in page.content.decode()
    assert "Sofia Renard" in page.content.decode()
    assert not Volunteer.objects.exists()


def test_who_is_kept_from_joining_reads_the_same_page_and_hears_it_by_their_own_address(
    joining, client, thomas
):
    from quartier.team.access import of_account
    from quartier.trust import actions as trust

    done, _last = joining()
    usual = without_draft(client.get(done))
    Volunteer.objects.all().delete()
    trust.block(actor=of_account(thomas), email="maria@example.org", words="Des plaintes.")
    blocked = {**ANSWERS, "reach": {**ANSWERS["reach"], "name": "Maria", "email": "Maria@example.org"}}
    done, _last = joining(answers=blocked)
    assert without_draft(client.get(done)) == usual
    assert not Volunteer.objects.exists()
    message = Message.objects.get(template="not_joined")
    assert message.to == "Maria@example.org"
    assert "/fr/objection/" in message.body
    # No code opens anything, another one is not sent, and the page says what it says to everybody.
    for posted in ({"code": "123456"}, {"again": "1"}):
        client.get(client.post(done, posted)["Location"])
    assert "_auth_user_id" not in client.session
    assert Message.objects.filter(template="sign_in_code").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ixele", "Vouliez-vous dire Ixelles (1050)"),
        ("ixelles 99", "Est-ce Ixelles (1050)"),
        ("Chaussée de Wavre 200", "Dans quelle commune est «\u00a0Chaussée de Wavre 200\u00a0»"),
        ("L-1330", "semble être au Luxembourg"),
    ],
)
def test_a_place_that_is_not_sure_is_asked_back_calmly(client, places, organisation, tuesday, typed, said):
    page = client.post("/fr/join/", {"where": typed}, follow=True)
    assert page.redirect_chain
    shown = page.content.decode()
    assert said in shown
    assert 'class="oops"' not in shown
    assert "Code postal ou commune" in shown
    # Only what is written is ticked, never what is alike.
    assert (" checked" in shown) is (typed == "ixelles 99")


def test_the_place_that_was_proposed_is_taken(client, places, organisation, tuesday):
    page = client.post("/fr/join/", {"where": "ixele"}, follow=True)
    address, form = page.redirect_chain[-1][0], page.context["form"]
    assert "/where/" in client.post(address, {"where": "ixele"})["Location"]
    (choice, _label), *_ = form.fields["place"].choices
    taken = client.post(address, {"where": "ixele", "place": choice})
    assert "/what/" in taken["Location"]


# ---- the code that signs in ----


def newest_code():
    return re.search(r"\d{6}", Message.objects.filter(template="sign_in_code").order_by("-id")[0].body)[0]


def wrong_code():
    return "000000" if newest_code() != "000000" else "111111"


def after(client, done, **posted):
    """The page that says what came of it, a moment later: never the answer to a POST itself."""
    clock.advance(timedelta(seconds=5))
    answer = client.post(done, posted)
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def test_the_code_signs_in_and_proves_the_number(joining, client):
    done, _last = joining(answers=BY_TEXT)
    page = client.get(done).content.decode()
    assert "… 34 56" in page
    assert 'autocomplete="one-time-code"' in page
    person = Volunteer.objects.get().person
    assert not person.is_phone_proven
    Message.objects.filter(template="sign_in_code").update(state="sent")
    code = newest_code()
    assert client.post(done, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/fr/volunteer/"
    assert client.session["_auth_user_id"] == str(person.account_id)
    person.refresh_from_db()
    assert person.is_phone_proven
    assert client.get("/fr/volunteer/").status_code == 200


def test_who_never_types_the_code_stays_on_the_list_and_is_told_the_way(joining):
    joining(answers=BY_TEXT)
    volunteer = Volunteer.objects.get()
    assert volunteer.state == "active"
    assert not volunteer.person.is_phone_proven
    welcome = Message.objects.get(template="welcome")
    assert welcome.not_before == clock.now() + people.CODE_LIVES
    assert welcome.state == "due"


def test_the_way_to_the_page_comes_by_text_in_the_morning_and_wakes_nobody(joining, organisation):
    clock.advance(timedelta(hours=12, minutes=50))
    assert f"{clock.now().astimezone(organisation.zone):%H:%M}" == "23:50"
    joining(answers=BY_TEXT)
    welcome = Message.objects.get(template="welcome")
    at = welcome.not_before.astimezone(organisation.zone)
    assert (at.date() - clock.now().astimezone(organisation.zone).date()).days == 1
    assert at.time() == organisation.quiet_until
    # Who asked for the code a moment ago gets it at once.
    assert Message.objects.get(template="sign_in_code").not_before <= clock.now()


def test_who_is_signed_in_gets_no_second_text(joining, client):
    done, _last = joining(answers=BY_TEXT)
    client.post(done, {"code": newest_code()})
    assert Message.objects.get(template="welcome").state == "cancelled"


def test_a_mail_with_the_way_to_the_page_stays(joining, client):
    done, _last = joining()
    client.post(done, {"code": newest_code()})
    assert Message.objects.get(template="welcome").state == "due"


def test_a_wrong_code_is_said_calmly_and_the_right_one_still_works(joining, client):
    done, _last = joining()
    page = after(client, done, code=wrong_code())
    assert "Ces chiffres ne correspondent pas" in page
    assert "Envoyer un autre code" in page
    assert "Le code compte six chiffres" in after(client, done, code="12")
    assert "Écrivez le code" in after(client, done, code=" ")
    assert client.post(done, {"code": newest_code()})["Location"] == "/fr/volunteer/"


def test_a_late_code_is_said_so_and_another_one_works(joining, client):
    done, _last = joining()
    late = newest_code()
    clock.advance(people.CODE_LIVES + timedelta(minutes=1))
    assert "plus de 15 minutes" in after(client, done, code=late)
    assert "_auth_user_id" not in client.session
    assert "Un nouveau code est en route" in after(client, done, again="1")
    assert client.post(done, {"code": newest_code()})["Location"] == "/fr/volunteer/"


def test_a_code_that_comes_late_works_beside_another_one(joining, client):
    done, _last = joining()
    first = newest_code()
    after(client, done, again="1")
    assert client.post(done, {"code": first})["Location"] == "/fr/volunteer/"


def test_codes_are_not_sent_without_end(joining, client):
    done, _last = joining()
    pages = [after(client, done, again="1") for _time in range(7)]
    assert "Trop d’essais" in pages[-1]
    assert SignInCode.objects.count() == 5


def test_an_address_that_was_spent_on_codes_still_joins(joining, client):
    for typed in ("sofia@example.org", "Sofia@example.org", "SOFIA@EXAMPLE.ORG") * 2:
        client.post("/fr/sign-in/", {"to": typed})
    done, last = joining()
    assert Volunteer.objects.exists()
    assert not SignInCode.objects.exists()
    assert Message.objects.get().template == "welcome"
    # No code has gone out: the page says why, and does not say that one was sent.
    assert client.post(last, ANSWERS["reach"])["Location"] == done
    page = client.get(done).content.decode()
    assert "Trop d’essais" in page
    assert "Nous avons envoyé" not in page
    assert "Rien reçu" not in page
    clock.advance(timedelta(minutes=31))
    page = after(client, done, again="1")
    assert "Un nouveau code est en route" in page
    assert "Nous avons envoyé un code par e-mail" in page
    assert "Trop d’essais" not in page
    assert client.post(done, {"code": newest_code()})["Location"] == "/fr/volunteer/"


def test_the_limit_of_codes_says_nothing_of_who_is_kept_from_joining(joining, client, thomas):
    from quartier.team.access import of_account
    from quartier.trust import actions as trust

    trust.block(actor=of_account(thomas), email="maria@example.org", words="Des plaintes.")
    answered = []
    for mail in ("Sofia@Example.org", "Maria@Example.org"):
        done, _last = joining(answers={**ANSWERS, "reach": {**ANSWERS["reach"], "email": mail}})
        pages = [after(client, done, again="1") for _time in range(7)]
        answered.append(["Trop d’essais" in page for page in pages])
        # Typed elsewhere, by whoever else, the same address is as spent.
        other = Client()
        other.post("/fr/sign-in/", {"to": mail.lower()})
        assert "douze chiffres" in other.get("/fr/sign-in/code/").content.decode()
    assert answered[0] == answered[1] == [False] * 4 + [True] * 3


def test_a_code_of_somebody_else_opens_nothing(joining, client, thomas):
    done, _last = joining()
    Message.objects.all().delete()
    Client().post("/fr/sign-in/", {"to": "thomas@example.org"})
    assert "ne correspondent pas" in after(client, done, code=newest_code())
    assert "_auth_user_id" not in client.session


def test_another_browser_opens_nothing_with_the_address(joining):
    done, _last = joining()
    stranger = Client()
    assert stranger.post(done, {"code": newest_code()})["Location"] == "/fr/join/"
    assert "_auth_user_id" not in stranger.session


def test_the_last_page_takes_few_queries(joining, client, django_assert_max_num_queries):
    done, _last = joining()
    with django_assert_max_num_queries(2):
        client.get(done)


def test_it_may_be_none_of_the_places_that_are_suggested(client, places, organisation):
    asked = client.post("/fr/join/", {"where": "ixele"})["Location"]
    shown = client.get(asked).content.decode()
    assert "C’est ailleurs" in shown
    again = client.post(asked, {"where": "ixele", "place": "elsewhere"})["Location"]
    shown = client.get(again).content.decode()
    assert "Quel est alors le code postal ou la commune" in shown
    assert 'value="ixele"' in shown
    assert "C’est ailleurs" not in shown
    assert "/what/" in client.post(again, {"where": "1050"})["Location"]


def test_a_choice_made_for_other_words_is_none_and_it_is_asked_again_calmly(client, places, organisation):
    asked = client.post("/fr/join/", {"where": "ixele"}, follow=True)
    address, (choice, _label) = asked.redirect_chain[-1][0], asked.context["form"].fields["place"].choices[0]
    assert 'name="seen" value="ixele"' in asked.content.decode()
    again = client.post(address, {"where": "ixel", "place": choice, "seen": "ixele"}, follow=True)
    shown = again.content.decode()
    assert "Vouliez-vous dire Ixelles (1050)" in shown
    assert 'class="oops"' not in shown
    assert 'value="ixel"' in shown
    assert 'name="seen" value="ixel"' in shown
    taken = client.post(address, {"where": "ixel", "place": choice, "seen": "ixel"})
    assert "/what/" in taken["Location"]
