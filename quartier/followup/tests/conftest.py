"""Marie was helped by Youssef; hours later she is asked how it was."""

from datetime import timedelta

import pytest

from quartier.lib import clock


@pytest.fixture
def helped(tuesday, organisation, youssef, asked):
    """A visit that is done (or failed): `helped("groceries")` gives the assignment."""
    from quartier.matching import actions as matching
    from quartier.team.access import of_account
    from quartier.visits import actions as visits

    # Asked more than once a day, with a place to spare for what is urgent.
    organisation.daily_budget = youssef.budget = 4
    organisation.save()
    youssef.save()

    def make(kind="groceries", *, failure="", **wanted):
        request = asked(kind, **{"urgency": "day"} | wanted).requests[0]
        offer = next(iter(matching.send_wave(request_id=request.pk)))
        actor = of_account(youssef.person.account)
        visit = visits.accept_offer(actor=actor, offer=offer).assignment
        if failure:
            return visits.could_not(actor=actor, assignment=visit, failure=failure)
        return visits.done(actor=actor, assignment=visit)

    return make


@pytest.fixture
def ask():
    """Hours later, people are asked: `ask()` gives the questions as they stand."""
    from quartier.followup import actions
    from quartier.followup.models import FollowUp

    def later(hours=3):
        actions.plan(clock.now())
        clock.advance(timedelta(hours=hours))
        actions.ask_due(clock.now())
        return list(FollowUp.objects.select_related("person", "assignment__request").order_by("due_at", "pk"))

    return later


@pytest.fixture
def agreed(organisation):
    """Somebody who agreed to be called: `agreed(3)` is the third one, on a phone of their own, in Ixelles."""
    from conftest import FLAGEY
    from quartier.followup import actions
    from quartier.lib import cells
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.team.access import system

    def make(number, *, channel="text", occasions=("heat",), place=True, **more):
        who = Who(f"Voisine {number}", phone=f"+3240000{number:04}", language="fr", channel=channel)
        person = people.record_person(organisation=organisation, who=who)
        where = {"postcode": "1050", "place_name": "Ixelles", "cell": cells.cell_at(*FLAGEY)} if place else {}
        words = actions.Agreed(
            occasions, "call", clock.now().date(), address="Rue du Page 42", **where, **more
        )
        return actions.agree(actor=system(organisation), person=person, agreed=words)

    return make


@pytest.fixture
def pass_time():
    """Time goes by, minute for minute where something happens: `pass_time(minutes=30)`."""
    from quartier.followup import actions

    def go(**by):
        end = clock.now() + timedelta(**by)
        while True:
            while actions.climb(clock.now()):
                pass
            actions.see_knocks(clock.now())
            actions.tell_ladder_news(clock.now())
            if clock.now() >= end:
                return
            clock.advance(min(timedelta(minutes=5), end - clock.now()))

    return go
