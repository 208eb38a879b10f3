"""A household that we know has its address: another one that is typed is never thrown away unsaid."""

import pytest

from quartier.audit.models import Entry
from quartier.cases.models import Case
from quartier.console.tests.test_intake import begin, typed

pytestmark = pytest.mark.django_db
KNOWN = "Rue du Page 42, 1050 Ixelles"


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


@pytest.fixture
def send(desk, asked):
    """Sends a second request of somebody known, with words in the fields of the address; gives the answer."""
    asked("groceries")
    case = Case.objects.get()
    address = begin(desk, "02 000 14 27")

    def sent(**more):
        given = {"case": str(case.pk), "kinds": ["talk"], "consent": "on", "urgency": "week"}
        return desk.post(address, typed(desk, address, **given | more))

    return sent


def test_the_known_address_stands_beside_the_fields(desk, asked):
    asked("groceries")
    page = desk.get(begin(desk, "02 000 14 27")).content.decode()
    line = page.split("data-known-address")[1].split("</p>")[0]
    assert KNOWN in line
    assert "hidden" not in line
    assert f'data-address="{KNOWN}"' in page
    unknown = desk.get(begin(desk, "02 000 55 55")).content.decode()
    assert unknown.split("data-known-address")[1].startswith(" hidden")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"place": "Verviers"}, "place"),
        ({"place": "4800", "address": "Rue de la Station 12"}, "place"),
        ({"address": "Rue de la Station 12"}, "address"),
        ({"place": "1050", "address": "Rue du Page 44"}, "address"),
        ({"place": "xyzzy"}, "place"),
    ],
)
def test_another_address_stops_the_sending_with_a_question(send, words, field):
    answer = send(**words)
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors[field]
    assert KNOWN in said
    assert "A new case" in said
    assert "For which household?" in said
    assert Case.objects.get().requests.count() == 1
    # Nothing typed is lost.
    assert {answer.context["form"][name].value() for name in words} == set(words.values())


@pytest.mark.parametrize(
    "words",
    [{}, {"place": "1050"}, {"place": "Elsene", "address": "rue du page, 42"}, {"address": "Rue du Page 42"}],
)
def test_the_same_address_in_other_words_is_no_question(send, words):
    assert send(**words).status_code == 302
    assert Case.objects.get().requests.count() == 2


def test_as_a_new_case_it_goes_where_it_was_said(send):
    answer = send(case="", place="Verviers", address="Rue de la Station 12")
    assert answer.status_code == 302
    assert {case.address for case in Case.objects.all()} == {"Rue du Page 42", "Rue de la Station 12"}


@pytest.mark.parametrize(("language", "words"), [("fr", "Un nouveau dossier"), ("nl", "Een nieuw dossier")])
def test_it_is_asked_in_the_language_of_the_operator(desk, asked, language, words):
    asked("groceries")
    address = begin(desk, "02 000 14 27").replace("/en/", f"/{language}/")
    sent = typed(desk, address, kinds=["talk"], consent="on", place="Verviers")
    (said,) = desk.post(address, sent).context["form"].errors["place"]
    assert words in said


@pytest.mark.parametrize(
    ("words", "street"),
    [
        ({"address": "Rue de la Station 12"}, "Rue de la Station 12"),
        ({"place": "1050", "address": "Rue de la Station 12"}, "Rue de la Station 12"),
        ({"place": "Rue du Page 44, 1050 Ixelles"}, "Rue du Page 44"),
        # For somebody who has this file, told by another one.
        ({"address": "Rue de la Station 12", "for_other": "on", "caller": ""}, "Rue de la Station 12"),
    ],
)
def test_a_file_without_a_street_takes_the_one_that_is_said(send, words, street):
    Case.objects.update(address="")
    assert send(caller_name="Anna Claes", phone="02 000 55 55", **words).status_code == 302
    case = Case.objects.get()
    assert (case.address, case.access_notes) == (street, "2e sonnette")
    assert case.requests.count() == 2
    assert Entry.objects.filter(verb="case.keep_way_in").count() == 1


@pytest.mark.parametrize(
    "words",
    [
        {"place": "4800", "address": "Rue de la Station 12"},
        # The caller's own file was chosen by itself: the street may be the other one's.
        {"address": "Rue de la Station 12", "for_other": "on", "person_name": "Anna Claes"},
    ],
)
def test_a_street_that_may_be_of_another_home_is_asked_about_as_before(send, words):
    Case.objects.update(address="")
    answer = send(**words)
    assert answer.status_code == 422
    assert {"place", "address"} & set(answer.context["form"].errors)
    case = Case.objects.get()
    assert (case.address, case.requests.count()) == ("", 1)


def test_what_to_know_at_the_door_stands_beside_what_was_known_and_once(send, desk):
    assert send(access_notes="2e").status_code == 302
    assert Case.objects.get().access_notes == "2e sonnette\n2e"
    address = begin(desk, "02 000 14 27")
    given = {"case": str(Case.objects.get().pk), "kinds": ["pharmacy"], "consent": "on", "urgency": "week"}
    for words in ("2e sonnette", ""):
        answer = desk.post(address, typed(desk, address, **given, access_notes=words))
        assert answer.status_code == 302, answer.context["form"].errors
        address = begin(desk, "02 000 14 27")
    case = Case.objects.get()
    assert (case.address, case.access_notes) == ("Rue du Page 42", "2e sonnette\n2e")
    assert Entry.objects.filter(verb="case.keep_way_in").count() == 1
    page = desk.get(f"/en/console/requests/{case.requests.first().pk}/").content.decode()
    assert "2e sonnette<br>2e" in page
