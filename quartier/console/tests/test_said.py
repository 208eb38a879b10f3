"""What people say, on the team's pages: what is not right first, counts, words; and whom we call."""

# ruff: noqa: F401, F811 (fixtures of another room)

from datetime import timedelta

import pytest

from quartier.audit.models import Entry
from quartier.followup import actions
from quartier.followup.models import AfterSettings, FollowUp
from quartier.followup.rules import Said
from quartier.followup.tests.conftest import ask, helped
from quartier.lib import clock
from quartier.team.access import link

pytestmark = pytest.mark.django_db
WHERE = "/en/console/said/"


def answer(row, said):
    actor = link(row.organisation, row.person_id)
    return actions.answer(actor=actor, follow_up=row, said=said, by="web")


@pytest.fixture
def answered(helped, ask):
    """So many visits, each with an answer: `answered(Said(True, 3), Said(False))`."""

    def make(*said):
        rows = []
        for number, one in enumerate(said):
            clock.advance(timedelta(hours=21))
            helped(name=f"Marie{number} Peeters")
            rows.append(answer(ask()[-1], one))
        return rows

    return make


def test_what_is_not_right_comes_first_until_somebody_has_looked_after_it(desk, answered, thomas):
    good, bad = answered(Said(True, 3, words="Un ange"), Said(False, words="Personne n’est venu"))
    page = desk.get(WHERE)
    assert [row.pk for row in page.context["bad"].rows] == [bad.pk]
    text = page.content.decode()
    assert text.index("Personne n’est venu") < text.index("Un ange")
    assert Entry.objects.filter(verb="follow_up.look", actor_id=thomas.pk).exists()
    response = desk.post(f"{WHERE}{bad.pk}/do/", follow=True)
    assert not response.context["bad"].rows
    bad.refresh_from_db()
    assert bad.looked_after_by == thomas
    assert good.looked_after_at is None


def test_counts_by_volunteer_and_by_person_and_filters(desk, answered, django_assert_max_num_queries):
    answered(Said(True, 3), Said(True, 3), Said(True, 1))
    page = desk.get(WHERE)
    (youssef,) = page.context["found"].volunteers
    assert (youssef.name, youssef.answers, youssef.very_good, youssef.not_good) == ("Youssef", 3, 2, 1)
    assert len(page.context["found"].helped) == 3
    assert desk.get(f"{WHERE}?kind=dog").context["found"].whole.answers == 0
    assert desk.get(f"{WHERE}?place=1050").context["found"].whole.answers == 3
    # A postcode alone is hard to choose among a hundred.
    assert page.context["found"].places == [("1050", "1050 Ixelles")]
    assert '<option value="1050">1050 Ixelles</option>' in page.content.decode()
    assert (
        '<option value="1050">1050 Elsene</option>'
        in desk.get(WHERE.replace("/en/", "/nl/")).content.decode()
    )
    with django_assert_max_num_queries(20):
        desk.get(WHERE)


def test_small_counts_are_hidden_and_cells_are_no_formulas(desk, answered):
    from quartier.console.said import safe

    answered(Said(True, 3, words="=HYPERLINK(1)"))
    table = desk.get(f"{WHERE}counts.csv").content.decode()
    assert "1050" in table
    assert "<5" in table
    assert ",1," not in table
    assert "HYPERLINK" not in table
    assert "Marie" not in table
    assert [safe(each) for each in ("=1", "+3", "-2", "@a", "\tb", "ok")] == [
        "'=1",
        "'+3",
        "'-2",
        "'@a",
        "'\tb",
        "ok",
    ]


def test_the_head_says_whom_to_ask(signed_in, sara, thomas, organisation, tuesday):
    head = signed_in(sara)
    page = head.post(f"{WHERE}whom/", {"share": "20", "hours": "6"}, follow=True)
    assert "Saved." in page.content.decode()
    kept = AfterSettings.objects.get()
    assert (kept.share, kept.hours) == (20, 6)
    for wrong in ({"share": "200", "hours": "6"}, {"share": "all", "hours": "6"}, {}):
        page = head.post(f"{WHERE}whom/", wrong)
        assert page.status_code == 422
        assert "whole numbers" in page.content.decode()
    assert signed_in(thomas).post(f"{WHERE}whom/", {"share": "1", "hours": "6"}).status_code == 403


def test_who_can_only_be_called_is_called(signed_in, lotte, helped, ask, tuesday):
    helped(channel="call")
    (row,) = ask()
    client = signed_in(lotte)
    page = client.get("/en/console/calls/")
    assert "Marie Peeters" in page.content.decode()
    call = f"/en/console/calls/after/{row.pk}/"
    page = client.post(call, {"do": "claim"}, follow=True)
    assert "May I ask you three short questions" in page.content.decode()
    assert client.post(call, {"do": "answer"}).status_code == 422
    client.post(call, {"do": "answer", "happened": "yes", "how": "2", "need": "call", "words": "Du pain"})
    row.refresh_from_db()
    assert (row.state, row.by, row.wants_call, row.words) == ("answered", "call", True, "Du pain")
    assert "Marie Peeters" not in client.get("/en/console/calls/").content.decode()


def test_who_is_called_by_another_is_not_called_twice(signed_in, lotte, thomas, helped, ask, tuesday):
    helped(channel="call")
    (row,) = ask()
    call = f"/en/console/calls/after/{row.pk}/"
    signed_in(lotte).post(call, {"do": "claim"})
    page = signed_in(thomas).post(call, {"do": "claim"}, follow=True).content.decode()
    assert "Someone else has it" in page
    assert "Lotte calls" in page
    assert FollowUp.objects.get().claimed_by == lotte


def test_operators_do_not_read_what_people_say(signed_in, lotte, answered):
    answered(Said(False))
    assert signed_in(lotte).get(WHERE).status_code == 403
