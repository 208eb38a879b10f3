"""Founding an organisation."""

from datetime import time

import pytest

from quartier.lib import hours
from quartier.team import actions
from quartier.team.models import Organisation
from quartier.team.queries import organisation_for

pytestmark = pytest.mark.django_db


def test_an_organisation_is_found_by_its_host(tuesday):
    first = actions.found_organisation(name="Quartier", languages=["fr"])
    other = actions.found_organisation(name="Gent", languages=["nl"], host="gent.example.org")
    assert organisation_for("gent.example.org") == other
    assert organisation_for("127.0.0.1") == first
    assert first.created_at == tuesday


def test_quiet_hours_can_be_changed_or_left_out(organisation, tuesday):
    actions.change_quiet_hours(organisation=organisation, start=time(0), end=time(0))
    stored = Organisation.objects.get(pk=organisation.pk)
    assert hours.after_quiet(tuesday, stored.quiet_from, stored.quiet_until, stored.zone) == tuesday
    actions.change_quiet_hours(organisation=organisation, start=time(9), end=time(12))
    assert hours.after_quiet(tuesday, time(9), time(12), organisation.zone) > tuesday
    assert organisation.quiet_until == time(12)
