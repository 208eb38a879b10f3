"""Two on the phone: Youssef helps, Marie is helped, both write texts."""

from types import SimpleNamespace

import pytest

from quartier.lib import clock

YOUSSEF, NADIA, MARIE, STRANGER = "+32400001001", "+32400001002", "+32400001003", "+32400001099"


@pytest.fixture
def on_phone():
    """Gives somebody a phone to which texts go: `on_phone(youssef.person, YOUSSEF)`."""
    from quartier.people import actions
    from quartier.people.actions import Who
    from quartier.people.models import Person

    def give(person, number, *, channel="text", language="fr"):
        row = Person.objects.get(pk=person.pk)
        row.phone, row.channel, row.language = number, channel, language
        who = Who(row.name, phone=number, email=row.email)
        for column, value in actions.indexes(row.organisation, who).items():
            setattr(row, column, value)
        row.save()
        return row

    return give


@pytest.fixture
def text(organisation):
    """Somebody writes, and it is handled: `text(YOUSSEF, "OUI 42")` gives the row as it was settled."""
    from quartier.conversation import actions
    from quartier.messaging import incoming
    from quartier.messaging.models import Received
    from quartier.messaging.providers import heard

    count = iter(range(10**6))

    def write(sender, body, *, org=None, handled=True, channel="text"):
        told = heard.Incoming(f"e{next(count)}", channel, sender, body, clock.now())
        row = incoming.received(org or organisation, "sandbox", told)
        assert row is not None
        if handled:
            while actions.take_next():
                pass
        return Received.objects.select_related("answer", "person").get(pk=row.pk)

    return write


@pytest.fixture
def post():
    """Sends what is due, and gives the bodies that a number has got, the oldest first: `post(YOUSSEF)`."""
    from quartier.messaging.delivery import deliver
    from quartier.messaging.models import SandboxDelivery

    def got(number=""):
        while deliver():
            pass
        rows = SandboxDelivery.objects.order_by("at", "id")
        return [row.body for row in rows if row.to == number]

    return got


@pytest.fixture
def street(tuesday, organisation, volunteer, asked, on_phone):
    """Youssef and Nadia with phones, and a way to offer them what Marie asks for: `street.offer()`."""
    from quartier.matching import actions as matching
    from quartier.matching.models import Offer
    from quartier.messaging.models import Code

    # Two offers a day, and one more that is kept for what is urgent.
    organisation.daily_budget = 3
    organisation.save(update_fields=["daily_budget"])
    helpers = [
        volunteer("Youssef", capacity=3, budget=5),
        volunteer("Nadia", at=(50.835, 4.38), capacity=3, budget=5),
    ]
    for one, number in zip(helpers, (YOUSSEF, NADIA), strict=True):
        one.person = on_phone(one.person, number)

    def offer(kind="groceries", **wanted):
        request = asked(kind, **{"urgency": "day"} | wanted).requests[0]
        matching.send_wave(request_id=request.pk)
        request.refresh_from_db()
        return request

    def number(request, one=None):
        one = one or helpers[0]
        return Code.objects.get(about=Offer.objects.get(request=request, volunteer=one).pk).number

    return SimpleNamespace(youssef=helpers[0], nadia=helpers[1], offer=offer, number=number)
