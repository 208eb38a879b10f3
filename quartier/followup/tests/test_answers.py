"""An answer is kept, and what is not right is looked after at once."""

import pytest

from quartier.cases.models import Request
from quartier.followup import actions
from quartier.followup.models import FollowUp, HelperSays
from quartier.followup.queries import bad, said, words
from quartier.followup.rules import FINE, NOT_FINE, Said
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import link, of_account

pytestmark = pytest.mark.django_db
How = FollowUp.How


@pytest.fixture
def row(helped, ask, thomas):
    helped()
    return ask()[0]


def answer(row, said_, by="web"):
    actor = link(row.organisation, row.person_id)
    return actions.answer(actor=actor, follow_up=row, said=said_, by=by)


def test_a_good_answer_is_kept_and_nothing_else_happens(row):
    kept = answer(row, Said(True, How.VERY_GOOD, words="Un ange"))
    assert (kept.state, kept.how, kept.words, kept.is_bad) == ("answered", 3, "Un ange", False)
    assert row.assignment.request.closure == "fulfilled"
    assert not Message.objects.filter(template="after_bad").exists()


@pytest.mark.parametrize("said_", [Said(False), Said(True, How.NOT_GOOD), NOT_FINE])
def test_a_bad_answer_goes_to_a_human_and_is_told_once(row, thomas, said_):
    for _again in range(2):
        answer(row, said_)
    request = Request.objects.get(pk=row.assignment.request_id)
    assert (request.state, request.why_human, request.reopened) == ("human", "asked", 1)
    told = Message.objects.get(template="after_bad")
    assert told.person.account == thomas
    assert [each.pk for each in bad(row.organisation)] == [row.pk]
    actions.look_after(actor=of_account(thomas), follow_up=row)
    assert not bad(row.organisation)


def test_who_thinks_better_of_it_is_heard(row):
    answer(row, FINE)
    kept = answer(row, Said(True, How.NOT_GOOD, words="La monnaie manque"))
    assert kept.is_bad
    kept = answer(row, Said(True, How.GOOD))
    # Once something was not right it stays on the page until somebody has looked after it.
    assert (kept.how, kept.is_bad, kept.words) == (How.GOOD, True, "La monnaie manque")
    assert Request.objects.get(pk=row.assignment.request_id).reopened == 1


def test_an_empty_answer_or_one_that_is_too_late_changes_nothing(row):
    from datetime import timedelta

    assert answer(row, Said()).state == "asked"
    clock.advance(timedelta(days=31))
    assert answer(row, NOT_FINE).state == "asked"


def test_the_volunteer_says_how_it_was(row, youssef):
    visit = row.assignment
    actor = of_account(youssef.person.account)
    actions.helper_says(actor=actor, assignment=visit, how="good")
    actions.helper_says(actor=actor, assignment=visit, how="good", words="Elle est seule le dimanche")
    kept = HelperSays.objects.get()
    assert (kept.how, kept.words) == ("good", "Elle est seule le dimanche")


def test_words_are_counted_plainly(row):
    answer(row, Said(True, How.GOOD, words="Il me faudrait un ventilateur"))
    assert words(["Un ventilateur, svp", "VENTILATEUR ou glace", "merci pour tout"]) == [("ventilateur", 2)]
    texts = ["Il faudrait quelqu’un pour les médicaments", "Quelqu'un, et des MÉDICAMENTS", "medicaments svp"]
    assert words(texts) == [("médicaments", 3)]
    assert words(["Jemand für den Müll, wäre nett", "der Müll!"]) == [("müll", 2)]
    found = said(row.organisation, clock.now())
    assert (found.whole.answers, found.whole.good, found.asked) == (1, 1, 1)
    assert [each.words for each in found.told] == ["Il me faudrait un ventilateur"]
    assert not said(row.organisation, clock.now(), kind="dog").told
    assert said(row.organisation, clock.now(), postcode="1050").whole.answers == 1


def test_a_complaint_has_an_owner_and_is_spoken_of_as_one(row, thomas, sara):
    from datetime import timedelta

    from quartier.followup.actions.given_up import GIVE_UP_AFTER
    from quartier.lib import clock
    from quartier.promises.models import Promise

    answer(row, Said(True, How.NOT_GOOD))
    promise = Promise.objects.get(outcome="", subject_id=row.assignment.request_id)
    # Their page tells them the hour: it is a promise to them, and one of the team owes it.
    assert (promise.owner, promise.person, promise.told_by) == (thomas, row.person, "page")
    # Thomas reads that it is his, and not that somebody called Thomas deals with it.
    told = Message.objects.get(template="after_bad")
    assert told.person.account == thomas
    assert "C’est à vous" in told.body
    assert "Thomas s’en occupe" not in told.body
    request = Request.objects.get(pk=row.assignment.request_id)
    broken = Promise.objects.filter(pk=promise.pk)
    broken.update(times_broken=2)
    moment = (request.window_until + GIVE_UP_AFTER + timedelta(days=1)).replace(hour=12)
    with clock.stopped_at(moment):
        assert actions.give_up(request=request, promise=broken.get(), now=moment)
    last = Message.objects.get(template="given_up")
    assert "après une visite" in f"{last.subject} {last.body}".lower()
    assert "responsables" in last.body
    assert "courses" not in last.body


def test_a_complaint_is_not_given_to_whoever_made_the_visit(row, thomas, sara):
    from quartier.people.models import Person
    from quartier.promises.models import Promise

    # Thomas of the team went there himself.
    volunteer = row.assignment.volunteer
    mine = Person.objects.get(account=thomas)
    type(volunteer).objects.filter(person=mine).delete()
    type(volunteer).objects.filter(pk=volunteer.pk).update(person=mine)
    answer(row, Said(True, How.NOT_GOOD))
    assert thomas not in [each.person.account for each in Message.objects.filter(template="after_bad")]
    promise = Promise.objects.get(outcome="", subject_id=row.assignment.request_id)
    assert promise.owner != thomas
