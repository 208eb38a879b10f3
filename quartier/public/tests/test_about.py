"""The page about the group says what is set, and nothing where nothing is."""

from datetime import timedelta

import pytest
from django.utils.html import escape
from django.utils.translation import override

from quartier.companions import rules as companions
from quartier.conversation.actions import retention
from quartier.expenses import rules as expenses
from quartier.intake.jobs import KEEP_DAYS
from quartier.lib.authorities import AUTHORITIES, authority
from quartier.public import about
from quartier.public.tests.test_weight import FIRST_LOAD, weigh
from quartier.team import actions as team
from quartier.team.access import of_account
from quartier.telephony.models import LineSettings
from quartier.trust import rules as trust

pytestmark = pytest.mark.django_db
LANGUAGES = ["fr", "nl", "de", "en"]


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch):
    """What is set is read at each page."""
    monkeypatch.setattr("quartier.config.organisation._FRESH_S", 0.0)


def shown(client, language="en"):
    answer = client.get(f"/{language}/about/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_runs_the_line_and_where_to_complain(client, organisation, sara, language):
    team.change_details(
        actor=of_account(sara),
        legal_name="Entraide asbl <Ixelles>",
        postal_address="Rue du Page 1, 1050 Ixelles",
        contact_email="bonjour@example.org",
    )
    page = shown(client, language)
    assert escape("Entraide asbl <Ixelles>") in page
    assert "Rue du Page 1, 1050 Ixelles" in page
    assert page.count('href="mailto:bonjour@example.org"') == 2
    assert authority("BE", language)["name"] in page
    assert weigh(page.encode())[0] <= FIRST_LOAD


def test_what_is_not_set_is_not_said(client, organisation):
    organisation.phone, organisation.country = "", "ZZ"
    organisation.save()
    page = shown(client)
    assert "mailto:" not in page
    assert "tel:" not in page.split("<main")[1].split("</main>")[0]
    assert "Tell us first" not in page
    assert "authority" not in page
    assert "answering machine" not in page
    # Whoever is worried can always say so.
    assert '<a href="/en/concern/">' in page


def test_how_volunteers_are_checked_is_what_holds(client, organisation):
    page = shown(client)
    assert "without first showing an identity card" in page
    assert "go as a pair" not in page
    organisation.vets = organisation.pairs_first = True
    organisation.save()
    page = shown(client)
    assert "without first showing an identity card" not in page
    assert "an identity card, which our team has seen" in page
    assert "go as a pair" in page
    assert f"{trust.EXPERIENCED} visits" in page
    # What a level comes to need must be said here too.
    assert set(about.NEEDS) == set(trust.NEEDS)


def test_how_long_what_is_kept_comes_from_what_deletes_it(client, organisation, monkeypatch):
    LineSettings.objects.create(organisation=organisation, keep_audio_days=11)
    for module, name, days in (
        (retention, "KEPT", 41),
        (about, "KEEP_RECEIPTS", 42),
        (about, "NOTES_KEPT", 43),
    ):
        monkeypatch.setattr(module, name, timedelta(days=days))
    monkeypatch.setattr(about, "KEEP_DAYS", 1)
    with override("en"):
        rows = [time for _what, time in about.kept(organisation)]
    assert rows[:5] == ["1 day", "41 days", "11 days", "42 days", "43 days"]
    page = shown(client)
    assert all(time in page for time in rows)


def test_the_constants_are_the_ones_that_delete():
    assert about.KEEP_RECEIPTS is expenses.KEEP_RECEIPTS
    assert about.NOTES_KEPT is companions.NOTES_KEPT
    assert about.KEEP_DAYS is KEEP_DAYS


@pytest.mark.parametrize("path", ["", "ask/", "privacy/", "nothing/"])
def test_every_public_page_leads_there(client, organisation, path):
    assert '<a href="/fr/about/">' in client.get(f"/fr/{path}").content.decode()


def test_it_takes_few_queries(client, organisation, django_assert_max_num_queries):
    shown(client)
    # The group, what is recorded and for how long it is kept.
    with django_assert_max_num_queries(3):
        client.get("/fr/about/")


def test_every_authority_has_a_name_and_a_site_in_every_language():
    for country in AUTHORITIES:
        for language in [*LANGUAGES, "xx"]:
            found = authority(country, language)
            assert found["name"]
            assert found["site"].startswith("https://")
    assert authority("ZZ", "fr") is None
