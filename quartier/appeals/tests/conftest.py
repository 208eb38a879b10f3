"""Far from Flagey, in Anderlecht, people wait; volunteers around Flagey have little to do."""

from types import SimpleNamespace

import pytest

from quartier.lib import cells

# Anderlecht, place de la Résistance: about 5 km from Flagey.
ANDERLECHT = (50.8355, 4.3106)


@pytest.fixture
def there():
    """The neighbourhood (H3 area) where somebody is missing."""
    return cells.area_at(*ANDERLECHT)


@pytest.fixture
def idle(tuesday, volunteer):
    """Makes volunteers who do not come as far as Anderlecht: `idle(3)`, `idle(1, languages=["tr"])`."""
    count = iter(range(10**6))

    def make(number=1, **given):
        return [volunteer(f"Idle{next(count)}", **{"radius_m": 2000} | given) for _ in range(number)]

    return make


@pytest.fixture
def made(organisation, thomas, there):
    """An appeal of Thomas's, whose first wave has gone: `made("place").invitations`."""
    from quartier.appeals import actions
    from quartier.appeals.actions import Asked
    from quartier.appeals.models import Invitation
    from quartier.team.access import of_account

    def make(purpose="place", *, wanted=1, send=True, **given):
        if purpose == "place":
            given.setdefault("area", there)
        appeal = actions.make(actor=of_account(thomas), asked=Asked(purpose, wanted, **given))
        if send:
            actions.send_wave(appeal_id=appeal.pk)
        appeal.refresh_from_db()
        rows = Invitation.objects.filter(appeal=appeal).select_related("volunteer__person", "appeal")
        links = [f"/fr/volunteer/asked/{actions.token_of(each)}/" for each in rows]
        return SimpleNamespace(appeal=appeal, invitations=list(rows), links=links)

    return make


@pytest.fixture
def phone():
    """A browser in which nobody is signed in."""
    from django.test import Client

    return Client()
