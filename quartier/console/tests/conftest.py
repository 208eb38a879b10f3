"""What the screens of the team need: somebody signed in, places to find."""

import pytest


@pytest.fixture
def places(db):
    """Belgium's shipped table."""
    from quartier.places.actions import load_shipped

    load_shipped(country="BE")


@pytest.fixture
def signed_in(client):
    """Signs somebody in: `signed_in(lotte)` gives the client."""

    def as_(account):
        client.force_login(account)
        return client

    return as_


@pytest.fixture
def desk(signed_in, thomas, places, tuesday):
    return signed_in(thomas)


@pytest.fixture
def request_(asked, tuesday, youssef, nadia):
    return asked("groceries").requests[0]
