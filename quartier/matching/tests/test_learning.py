"""What is learnt is what the pure functions say of the same offers; it is learnt once a day, and can be forgotten."""

import random
from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.matching import actions, jobs, likelihood
from quartier.matching.actions import learning
from quartier.matching.likelihood import History, Prior
from quartier.matching.models import Offer
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db
PRIOR = Prior()
STATE = Offer.State


@pytest.fixture
def offer(tuesday, asked):
    """Makes an offer of the past: `offer(youssef, "declined", days=3)`."""
    request = asked("groceries").requests[0]

    def make(volunteer, state, *, days=1.0, after=None, late=False, **columns):
        # One request can be offered to one volunteer once: each gets a copy of it.
        request.pk = uuid7()
        request.save(force_insert=True)
        at = tuesday - timedelta(days=days)
        withdrawn = at + timedelta(minutes=after) if after is not None else None
        Volunteer.objects.filter(pk=volunteer.pk).update(asked_on=tuesday.date())
        return Offer.objects.create(
            organisation=request.organisation,
            request=request,
            volunteer=volunteer,
            state=state,
            token_hash=str(uuid7()),
            wave=1,
            created_at=at,
            expires_at=at + timedelta(hours=8),
            withdrawn_at=withdrawn,
            answered_at=at if late else None,
            **{"distance_m": 1000, **columns},
        )

    return make


def learn(organisation, on=True):
    organisation.learns = on
    organisation.save(update_fields=["learns"])
    jobs.learning()


def by_hand(offers, now):
    """The same, written plainly for one volunteer: likelihood, offers and yeses that count."""
    expected = yes = count = yeses = 0
    for each in offers:
        late = each.state == STATE.WITHDRAWN and each.answered_at is not None
        said_yes = each.state == STATE.ACCEPTED or late
        if each.state in {STATE.SENT, STATE.QUEUED}:
            continue
        answered = 1.0
        if each.state == STATE.WITHDRAWN and not late:
            minutes = (each.withdrawn_at - each.created_at).total_seconds() / 60
            answered = likelihood.answered_roughly(minutes, PRIOR) if minutes else 0.0
        weight = likelihood.weight((now - each.created_at) / timedelta(days=1))
        factor = likelihood.circumstances(each.distance_m or 0, each.load, each.asked_before, PRIOR)
        expected += weight * answered * factor
        yes += weight * said_yes
        if weight and answered >= 0.5:
            count, yeses = count + 1, yeses + said_yes
    return likelihood.readiness(History(expected, yes), PRIOR), count, yeses


def test_the_database_learns_what_the_pure_functions_say(tuesday, organisation, volunteer, offer):
    chance = random.Random(11)
    people = [volunteer(f"V{number}") for number in range(25)]
    for each in people[:-1]:
        for _ in range(chance.randrange(1, 9)):
            state = chance.choice([*STATE])
            gone = state == STATE.WITHDRAWN
            offer(
                each,
                state,
                days=chance.choice([0.5, 20, 89.5, 100, 140, 179, 200]),
                after=chance.choice([0, 1, 12, 300]) if gone else None,
                late=gone and chance.random() < 0.3,
                distance_m=chance.choice([None, 1000, 2400, 9000]),
                load=chance.choice([0, 0, 2]),
                asked_before=chance.choice([0, 1]),
            )
    learn(organisation)
    different = set()
    for each in Volunteer.objects.all():
        kept = [one for one in each.offers.all() if one.created_at > tuesday - timedelta(days=180)]
        ready, count, yeses = by_hand(kept, tuesday)
        heard = any(one.state not in {STATE.SENT, STATE.QUEUED} for one in kept)
        assert (each.offers_lately, each.yes_lately) == (count, yeses)
        if heard:
            assert each.likelihood == pytest.approx(ready, rel=1e-9)
            assert each.habit_m == pytest.approx(int(likelihood.habit_m(ready, PRIOR)), abs=1)
        else:
            assert (each.likelihood, each.habit_m) == (None, 0)
        different.add(each.habit_m)
    assert len(different) > 5


def test_a_yes_that_came_too_late_counts_and_having_had_no_time_does_not(
    organisation, volunteer, offer, tuesday
):
    willing, hurried, silent = (volunteer(name) for name in ("Willing", "Hurried", "Silent"))
    for _ in range(4):
        offer(willing, STATE.WITHDRAWN, after=30, late=True)
        offer(hurried, STATE.WITHDRAWN, after=0.2)
        offer(silent, STATE.EXPIRED)
    learn(organisation)
    willing, hurried, silent = (Volunteer.objects.get(pk=each.pk) for each in (willing, hurried, silent))
    assert willing.likelihood > PRIOR.mean > silent.likelihood
    assert hurried.likelihood == pytest.approx(PRIOR.mean, rel=0.01)
    assert (hurried.offers_lately, willing.yes_lately, silent.offers_lately) == (0, 4, 4)
    assert willing.habit_m == 0 < silent.habit_m <= likelihood.MOST_HABIT_M


def test_who_has_not_been_asked_for_a_month_begins_afresh(organisation, volunteer, offer, tuesday):
    silent, willing = volunteer("Silent"), volunteer("Willing")
    for _ in range(6):
        offer(silent, STATE.EXPIRED, days=40)
        offer(willing, STATE.ACCEPTED, days=40)
    learn(organisation)
    assert Volunteer.objects.get(pk=silent.pk).habit_m > 1000
    Volunteer.objects.update(asked_on=tuesday.date() - timedelta(days=31))
    with clock.stopped_at(tuesday + timedelta(days=1)):
        jobs.learning()
    silent, willing = Volunteer.objects.get(pk=silent.pk), Volunteer.objects.get(pk=willing.pk)
    assert (silent.habit_m, silent.likelihood, silent.offers_lately) == (0, None, 6)
    assert willing.likelihood > PRIOR.mean


def test_it_is_learnt_once_a_day_and_old_answers_are_forgotten(organisation, youssef, offer, tuesday):
    offer(youssef, STATE.EXPIRED)
    learn(organisation)
    first = Volunteer.objects.get(pk=youssef.pk)
    offer(youssef, STATE.EXPIRED)
    jobs.learning()
    assert Volunteer.objects.get(pk=youssef.pk).likelihood == first.likelihood
    with clock.stopped_at(tuesday + timedelta(days=1)):
        jobs.learning()
    assert Volunteer.objects.get(pk=youssef.pk).likelihood < first.likelihood
    with clock.stopped_at(tuesday + timedelta(days=400)):
        jobs.learning()
    gone = Volunteer.objects.get(pk=youssef.pk)
    assert (gone.likelihood, gone.habit_m, gone.offers_lately) == (None, 0, 0)


def test_it_goes_on_where_it_was_stopped(organisation, volunteer, offer, tuesday, monkeypatch):
    monkeypatch.setattr(learning, "CHUNK", 2)
    people = [volunteer(f"V{number}") for number in range(5)]
    for each in people:
        offer(each, STATE.EXPIRED)
    organisation.learns = True
    organisation.save()
    assert actions.learn_answers(organisation_id=organisation.pk)
    assert Volunteer.objects.filter(habit_m__gt=0).count() == 2
    organisation.refresh_from_db()
    assert organisation.learned_on is None
    assert organisation.learned_to is not None
    jobs.learning()
    assert Volunteer.objects.filter(habit_m__gt=0).count() == 5
    organisation.refresh_from_db()
    assert (organisation.learned_on, organisation.learned_to) == (tuesday.date(), None)
    assert not actions.learn_answers(organisation_id=organisation.pk)


def test_turned_off_everything_learnt_is_forgotten(organisation, youssef, nadia, elsewhere, volunteer, offer):
    wim = volunteer("Wim", org=elsewhere)
    for each in (youssef, nadia, wim):
        offer(each, STATE.EXPIRED)
    elsewhere.learns = True
    elsewhere.save()
    learn(organisation)
    assert Volunteer.objects.filter(habit_m__gt=0).count() == 3
    learn(organisation, on=False)
    assert list(Volunteer.objects.filter(habit_m__gt=0)) == [wim]
    assert list(Volunteer.objects.exclude(likelihood=None)) == [wim]
    assert organisation.pk not in actions.learners()


def test_rows_that_stay_as_they_are_are_not_written_again(organisation, youssef, offer, tuesday):
    offer(youssef, STATE.EXPIRED, days=2)
    learn(organisation)
    # A figure that the statement would put right if it wrote this row.
    Volunteer.objects.update(habit_m=7)
    with clock.stopped_at(tuesday + timedelta(days=1)):
        jobs.learning()
    assert Volunteer.objects.get(pk=youssef.pk).habit_m == 7
