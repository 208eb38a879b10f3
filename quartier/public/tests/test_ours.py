"""Is this volunteer yours: the right word alone is answered, and nothing else can be learnt."""

import re
from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.limits import proof
from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation", "tuesday")]
NEUTRAL = "We cannot confirm it."


@pytest.fixture
def visit(asked, youssef):
    offer = matching.send_wave(request_id=asked("groceries").requests[0].pk)[0]
    made = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment
    visits.on_my_way(actor=of_account(youssef.person.account), assignment=made)
    made.code_word = "rivière"
    made.save()
    return made


def ask(client, word, beside, number=[0]):  # noqa: B006
    """Each from another address, with its work done."""
    number[0] += 1
    challenge = re.search(r'data-proof="([^"]+)"', client.get("/en/ours/").content.decode())[1]
    given = {"word": word, "beside": beside, "proof": proof.solve(challenge)}
    answer = client.post(
        "/en/ours/", given, REMOTE_ADDR=f"10.0.{number[0] // 250}.{number[0] % 250}", follow=True
    )
    return answer.content.decode()


@pytest.mark.parametrize("word", ["rivière", " Riviere "])
@pytest.mark.parametrize("beside", ["Youssef", "youssef", "1050", "ixelles"])
def test_the_right_word_is_answered_with_yes_and_until_when(client, visit, word, beside):
    words = ask(client, word, beside)
    assert "Yes, this is one of our volunteers." in words
    for secret in ("Youssef", "Marie", "Peeters", "Rue du Page", "1427"):
        assert secret not in words


@pytest.mark.parametrize("beside", ["Jean", "marie", "Jean et Marie"])
def test_two_who_come_together_may_say_either_name(client, visit, beside):
    person = visit.volunteer.person
    person.name = "Jean et Marie Dupont"
    person.save()
    assert "Yes, this is one of our volunteers." in ask(client, "rivière", beside)
    assert NEUTRAL in ask(client, "rivière", "et")


def test_a_word_that_is_given_no_more_goes_on_for_who_has_it(client, visit):
    assert NEUTRAL in ask(client, "bij", "1050")
    visit.code_word = "bij"
    visit.save()
    assert "Yes, this is one of our volunteers." in ask(client, "bij", "1050")


@pytest.mark.parametrize(
    ("word", "beside"),
    [
        ("tulipe", "1050"),
        ("rivière", "4000"),
        ("rivière", "Nadia"),
        ("rivière", "Marie"),
        ("%", "1050"),
        ("rivière", "-"),
    ],
)
def test_anything_else_is_the_same_answer(client, visit, word, beside):
    def bare(page):
        return re.sub(r'csrf\w+" value="[^"]*"|data-proof="[^"]*"|answer=\w+', "", page)

    wrong = ask(client, word, beside)
    assert NEUTRAL in wrong
    assert "only from one hour before the visit" in wrong
    assert bare(wrong) == bare(ask(client, "fougère", "9000"))


def test_another_tab_does_not_show_its_yes_for_this_word(client, visit):
    wrong = client.post("/en/ours/", {"word": "tulipe", "beside": "1050"})["Location"]
    right = client.post("/en/ours/", {"word": "rivière", "beside": "1050"})["Location"]
    assert "Yes, this is one of our volunteers" in client.get(right).content.decode()
    assert "Yes, this is one of our volunteers" not in client.get(wrong).content.decode()


def test_right_and_wrong_take_the_same_statements(client, visit):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(client, "before", "1050")  # The answer stands in the session, which the first one begins.
    counts = []
    for word in ("rivière", "tulipe", "nothing at all"):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            ask(client, word, "1050")
        counts.append(len(seen))
    assert len(set(counts)) == 1


def test_not_before_and_not_after_the_visit(client, visit, youssef):
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    assert NEUTRAL in ask(client, "rivière", "1050")


def test_not_a_day_before(client, visit):
    visit.on_way_at, visit.state = None, "accepted"
    visit.comes_from = clock.now() + timedelta(hours=5)
    visit.comes_until = clock.now() + timedelta(hours=6)
    visit.save()
    assert NEUTRAL in ask(client, "rivière", "1050")


def test_a_suspended_volunteer_is_not_one_of_us(client, visit, thomas):
    visits.volunteer_suspended(actor=of_account(thomas), volunteer=visit.volunteer)
    assert NEUTRAL in ask(client, "rivière", "1050")


def test_not_at_another_group(client, visit, elsewhere, settings):
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.post(
        "/en/ours/", {"word": "rivière", "beside": "1050"}, headers={"host": "gent.example.org"}, follow=True
    )
    assert NEUTRAL in answer.content.decode()


def test_few_tries_from_one_address_and_fewer_without_the_work(client, visit):
    for _ in range(3):
        assert client.post("/en/ours/", {"word": "x", "beside": "1050"}).status_code == 302
    assert client.post("/en/ours/", {"word": "rivière", "beside": "1050"}).status_code == 429


def test_few_tries_for_one_place_from_everywhere(client, visit):
    for _ in range(30):
        ask(client, "tulipe", "1050")
    assert "Too many forms sent" in ask(client, "rivière", "1050")


def test_from_her_page_and_from_the_first_one(client, visit):
    from quartier.cases import actions as cases

    token = cases.issue_link(case=visit.request.case, person=visit.request.case.person)
    for path in ("/fr/", f"/fr/status/{token}/"):
        assert 'href="/fr/ours/"' in client.get(path).content.decode()
