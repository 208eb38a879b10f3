"""What was seen gives a level, for as long as it holds; papers are never kept."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.http import Http404
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.team.access import of_account
from quartier.trust import actions, jobs, rules
from quartier.trust.actions import Paper
from quartier.trust.models import Sighting, Signature

HOUSE = Path(__file__).resolve().parent.parent.parent
TODAY = date(2027, 1, 12)


@pytest.fixture
def sees(thomas, youssef, tuesday):
    """Thomas sees a paper of Youssef's: `sees("identity")`."""

    def see(kind, model="", **days):
        return actions.saw(actor=of_account(thomas), volunteer=youssef, paper=Paper(kind, model, **days))

    return see


@pytest.fixture
def vetted(sees, youssef):
    """Level 2: everything but the extract for minors."""
    actions.sign(actor=of_account(youssef.person.account), volunteer=youssef, language="fr")
    for kind, model in (
        ("identity", ""),
        ("reference", ""),
        ("reference", ""),
        ("training", ""),
        ("extract", "595"),
    ):
        sees(kind, model)
    return youssef


def level(volunteer):
    volunteer.refresh_from_db()
    return volunteer.level


@pytest.mark.django_db
def test_each_level_needs_all_that_is_below_it(sees, youssef):
    steps = [("extract", "596.2", 0), ("identity", "", 0), ("reference", "", 0), ("training", "", 0)]
    for kind, model, reached in steps:
        sees(kind, model)
        assert level(youssef) == reached
    actions.sign(actor=of_account(youssef.person.account), volunteer=youssef, language="fr")
    assert level(youssef) == 1
    sees("reference")
    assert level(youssef) == 3


@pytest.mark.django_db
def test_what_is_over_lowers_the_level_by_itself(vetted, tuesday):
    assert level(vetted) == 2
    with clock.stopped_at(tuesday + timedelta(days=365)):
        jobs.expire()
        assert level(vetted) == 2
    with clock.stopped_at(tuesday + timedelta(days=366)):
        jobs.expire()
        jobs.expire()
        assert level(vetted) == 1
    assert Entry.objects.filter(verb="volunteer.level", details__before=2, details__now=1).count() == 1


@pytest.mark.django_db
def test_taken_back_it_counts_no_more(vetted, thomas):
    row = Sighting.objects.get(kind="identity")
    for _twice in range(2):
        actions.take_back(actor=of_account(thomas), volunteer=vetted, sighting_id=row.pk)
    assert level(vetted) == 0
    assert Entry.objects.filter(verb="volunteer.not_seen").count() == 1


@pytest.mark.django_db
def test_signed_twice_is_once_and_with_its_language(youssef, tuesday):
    for language in ("nl", "fr"):
        actions.sign(actor=of_account(youssef.person.account), volunteer=youssef, language=language)
    assert list(Signature.objects.values_list("version", "language")) == [(rules.CHARTER_VERSION, "nl")]


@pytest.mark.django_db
def test_nobody_sees_their_own_papers_and_only_those_who_coordinate_see_any(
    youssef, lotte, organisation, tuesday
):
    youssef.person.account.roles.create(organisation=organisation, name="coordinator")
    with pytest.raises(actions.NotSeen):
        actions.saw(actor=of_account(youssef.person.account), volunteer=youssef, paper=Paper("identity"))
    with pytest.raises(Http404):
        actions.saw(actor=of_account(lotte), volunteer=youssef, paper=Paper("identity"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "days",
    [{"seen_on": TODAY + timedelta(days=1)}, {"seen_on": TODAY, "valid_until": TODAY - timedelta(days=1)}],
)
def test_a_day_that_cannot_be_is_not_written_down(sees, days):
    with pytest.raises(actions.NotSeen):
        sees("identity", **days)
    assert not Sighting.objects.exists()


@pytest.mark.django_db
def test_where_levels_count_only_those_of_the_level_are_asked(organisation, sara, vetted, nadia, asked):
    assert asked("groceries").requests[0].level == 0
    actions.vet(actor=of_account(sara), wish=True)
    organisation.refresh_from_db()
    opened = {
        kind: asked(kind, org=organisation, name=f"{kind} X").requests[0] for kind in ("transport", "dog")
    }
    assert {kind: request.level for kind, request in opened.items()} == {"transport": 2, "dog": 0}
    offers = matching.send_wave(request_id=opened["transport"].pk)
    assert [offer.volunteer for offer in offers] == [vetted]
    assert Request.objects.get(pk=opened["dog"].pk).level == 0


@pytest.mark.django_db
def test_only_the_head_says_whether_it_counts(thomas):
    with pytest.raises(Http404):
        actions.vet(actor=of_account(thomas), wish=True)


def test_every_kind_of_help_stands_in_the_table_and_money_needs_a_level():
    with_money = {"groceries", "pharmacy", "meal"}
    assert set(rules.OPENS) == {kind.code for kind in choices.KINDS}
    assert all(rules.needed(kind) >= 1 for kind in with_money)
    assert {code for each in rules.LEVELS for code in each.needs} == set(rules.NEEDS)
    assert [each.number for each in rules.LEVELS] == [0, 1, 2, 3]


def test_there_is_no_place_for_a_paper():
    """No column and no form takes a file: not here, and not where volunteers are described."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            assert not isinstance(field, models.FileField), f"{model._meta.label}.{field.name}"
    kept = [field.name for field in Sighting._meta.get_fields()]
    assert not {"document", "file", "scan", "number", "photo", "notes", "words"} & set(kept)
    for path in [
        # (The photograph of a receipt is no paper of a volunteer.)
        *(each for each in HOUSE.glob("volunteer/templates/**/*.html") if each.name != "money.html"),
        *HOUSE.glob("console/templates/**/volunteer*.html"),
    ]:
        assert 'type="file"' not in path.read_text()
        assert "multipart/form-data" not in path.read_text()


@pytest.mark.django_db
def test_at_the_desk_and_on_ones_own_page(client, thomas, sara, lotte, youssef, tuesday):
    client.force_login(thomas)
    page = reverse("volunteer_page", args=[youssef.pk])
    where = reverse("volunteer_trust", args=[youssef.pk])
    client.post(where, {"do": "saw", "what": "596.2", "seen_on": "2027-01-10"})
    row = Sighting.objects.get()
    assert (row.kind, row.model, row.valid_until) == ("extract", "596.2", date(2028, 1, 10))
    words = client.get(page).content.decode()
    assert "596.2" in words
    assert "Thomas" in words
    assert client.post(where, {"do": "saw", "what": "passport"}).status_code == 404
    client.post(where, {"do": "take_back", "sighting": str(row.pk)})
    assert "Nothing seen yet." in client.get(page).content.decode()
    client.force_login(lotte)
    assert client.post(where, {"do": "saw", "what": "identity"}).status_code == 403
    assert "I have seen it" not in client.get(page).content.decode()
    client.force_login(youssef.person.account)
    mine = reverse("volunteer_standing")
    assert "still missing" in client.get(mine).content.decode()
    client.post(mine)
    assert "You signed it" in client.get(mine).content.decode()
    client.force_login(sara)
    client.post(reverse("levels"), {"vets": "yes"})
    youssef.organisation.refresh_from_db()
    assert youssef.organisation.vets
    assert "of their level" in client.get(reverse("levels")).content.decode()
