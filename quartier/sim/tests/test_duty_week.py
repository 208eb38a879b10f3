"""The page of duty of a demonstration is alive."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.rota.queries import rota_of
from quartier.sim import filling
from quartier.sim.showing.duty_week import plan_week
from quartier.team.models import Account

pytestmark = pytest.mark.django_db


def test_somebody_is_on_duty_each_weekday_and_nobody_on_sundays(client, tuesday):
    organisation = filling.found(tuesday)
    plan_week(organisation)
    organisation.refresh_from_db()
    rota, names = rota_of(organisation), {each.pk: each.name for each in Account.objects.all()}
    assert rota is not None
    assert [names[each] for each in rota.on_duty(tuesday, "1050")] == ["Lotte Peeters", "Anke Heinen"]
    assert [names[each] for each in rota.on_duty(tuesday, "4700")] == ["Anke Heinen", "Lotte Peeters"]
    days = [rota.spans_of((tuesday + timedelta(days=ahead)).date()) for ahead in range(7)]
    assert [len(each) for each in days] == [3, 3, 3, 3, 1, 0, 3]
    # On Thursday the coordinator is away: the head stands in.
    assert names[days[2][-1].account] == "Sara Lambert"
    client.force_login(Account.objects.get(roles__name="coordinator"))
    page = client.get(reverse("duty")).content.decode()
    assert "Anke Heinen" in page
    assert "4700" in page
