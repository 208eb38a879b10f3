"""What the team reads of who waits is whole, and says what each of them is: also those who do not answer us, who have
had no message, and how many more there are."""

from datetime import timedelta

import pytest

from quartier.alerts.models import Alert
from quartier.cases.models import Request
from quartier.duty import actions, jobs, queries
from quartier.followup import actions as followup
from quartier.followup.models import Campaign, CheckIn, Member
from quartier.followup.rules import NOT_FINE
from quartier.followup.tests.conftest import agreed, ask, helped, pass_time
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import link, of_account

__all__ = ["agreed", "ask", "helped", "pass_time"]
pytestmark = pytest.mark.django_db
NAMES = ("Ana", "Bo", "Cleo", "Dina", "Eva", "Fien", "Gil", "Hana", "Ines", "Jef", "Kim", "Lou", "Mia", "Noa")


def letter(template):
    actions.write_letters(clock.now())
    return Message.objects.get(template=template).body.replace("\xa0", " ")


@pytest.fixture
def unreached(organisation, tuesday):
    """People of a campaign whom nobody reached: `unreached("Albert", since=…)`."""
    campaign = Campaign.objects.create(
        organisation=organisation, occasion="blackout", state="ended", started_at=tuesday, ended_at=tuesday
    )

    def make(name, since):
        who = Who(name, phone="+3220001427", email=f"{name}@example.org", language="fr")
        person = people.record_person(organisation=organisation, who=who)
        member = Member.objects.create(
            organisation=organisation, person=person, occasions=1, consent="call",
            consented_on=tuesday.date(), created_at=tuesday, postcode="1050", place_name="Ixelles",
        )  # fmt: skip
        return CheckIn.objects.create(
            organisation=organisation, campaign=campaign, member=member, token_hash=name, state="alerted",
            told_state="alerted", since=since,
        )  # fmt: skip

    return make


def owed(asked, name, hours=30, **wanted):
    request = asked("groceries", name=name, moderated=True, **wanted).requests[0]
    Promise.objects.filter(subject_id=request.pk).update(due_at=clock.now() + timedelta(hours=hours))
    return request


def test_a_letter_says_how_many_more_wait_than_it_names(asked, thomas, tuesday):
    for name in NAMES:
        owed(asked, name)
    clock.set_time(tuesday + timedelta(hours=21, minutes=10))
    body = letter("duty_begin")
    assert body.count("(courses, Ixelles)") == 12
    assert "Et 2 autres, sur la page." in body


def test_who_was_not_reached_pushes_nobody_out_of_it(asked, thomas, tuesday, unreached):
    for name in NAMES:
        unreached(name, tuesday)
    owed(asked, "Marie")
    clock.set_time(tuesday + timedelta(hours=21, minutes=10))
    body = letter("duty_begin")
    assert "Marie (courses" in body
    assert "Et 3 autres, sur la page." in body


def test_the_evening_names_whoever_is_still_not_reached(asked, thomas, tuesday, unreached):
    unreached("Albert", tuesday - timedelta(days=3))
    clock.set_time(tuesday + timedelta(hours=7, minutes=10))
    actions.write_letters(clock.now())
    # They alone are no reason for a letter: the morning's says again what was done.
    assert not Message.objects.filter(template="duty_end").exists()
    clock.set_time(tuesday + timedelta(days=1, hours=7, minutes=10))
    owed(asked, "Marie")
    body = letter("duty_end")
    assert "Toujours sans nouvelles : Albert.\n\nTous ceux" in body
    assert "sans nouvelles (" not in body


@pytest.fixture
def knock(agreed, thomas, tuesday, pass_time):
    agreed(1)
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    pass_time(minutes=370)
    return Request.objects.get(unasked=True)


def test_whoever_does_not_answer_is_no_helping_hand(knock, thomas):
    (one,) = queries.waiting_of(list(Promise.objects.filter(outcome="")))
    assert one.kind == "not_answering_heat"


def test_what_was_promised_to_nobody_is_no_broken_word(knock, thomas):
    promise = Promise.objects.get(outcome="")
    clock.set_time(promise.due_at + timedelta(minutes=1))
    while jobs.promises():
        pass
    renewal = Promise.objects.get(outcome="")
    assert (renewal.kind, renewal.told_by, renewal.times_broken) == ("care", "nobody", 1)
    told = Message.objects.filter(template__startswith="team_").latest("created_at")
    assert told.template == "team_overdue"
    assert "Parole non tenue" not in told.body
    # It names an hour that is still to come.
    assert "maintenant" not in told.body
    assert "dès que possible, au plus tard à l’heure indiquée" in told.body
    assert "ne nous répond pas, canicule" in told.body
    assert "coup de main" not in told.body
    assert ": l’un de nous, " in told.body.replace("\xa0", " ")
    assert "nouvelles" not in told.body
    (one,) = queries.waiting_of([renewal], marks_broken=True)
    assert not one.broken


def test_whoever_has_nothing_of_ours_to_read_is_to_be_called(asked, thomas, tuesday):
    owed(asked, "Marie", channel="call")
    owed(asked, "Nele")
    clock.set_time(tuesday + timedelta(hours=21, minutes=10))
    lines = letter("duty_begin").split("\n\n")
    assert ["aucun message de nous : à appeler" in each for each in lines if "courses" in each] == [
        True,
        False,
    ]


def test_a_complaint_that_nobody_answered_is_still_one(helped, ask, thomas):
    helped()
    row = ask()[0]
    followup.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=NOT_FINE, by="web")
    Request.objects.update(state="closed", closure="neglected", closed_at=clock.now())
    (one,) = queries.neglected_since(row.organisation, clock.now() - timedelta(days=1))
    assert one.kind == "complaint_for_team"


def test_whoever_regular_calls_do_not_reach_stands_in_the_morning_until_it_is_closed(
    asked, thomas, organisation, tuesday
):
    person = asked("groceries").case.person
    Promise.objects.all().delete()
    alert = Alert.objects.create(
        organisation=organisation, kind="check", degree="soon", person=person, raised_at=tuesday,
        next_at=tuesday + timedelta(days=9),
    )  # fmt: skip
    clock.set_time(tuesday + timedelta(hours=21, minutes=10))
    body = letter("duty_begin")
    assert "Quelqu’un, depuis hier" in body
    assert "nos appels réguliers ne trouvent personne" in body
    # Never a name of who is called: it stands behind the link.
    assert "Marie" not in body
    assert f"/alerts/{alert.pk}/" in body
    Alert.objects.update(state="closed", next_at=None, closed_at=clock.now())
    assert not queries.unmet(organisation)
