"""Posters and flyers: one sheet each, with the number, the hours, the site, and never a card."""

import shutil
import subprocess
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from quartier.incidents import actions, paper
from quartier.incidents.actions import Opening
from quartier.incidents.paper import Notice
from quartier.incidents.shipped import TEMPLATES
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


def read(made):
    """The pages of a document, as words."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return done.stdout.decode().replace("\u00a0", " ").strip("\f").split("\f")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_sheet_says_all_that_it_must(organisation, language, tuesday):
    organisation.phone = "+3222345678"
    for template in TEMPLATES.values():
        notice = Notice(organisation, language, "https://line.example.org/", template, template.kinds)
        (page,) = read(paper.poster(notice))
        assert "02 234 56 78" in page
        assert "line.example.org" in page
        assert "PIN" in page or "code" in page
        assert "8" in page
        assert "20" in page or "8 pm" in page


def test_a_flyer_is_four_times_the_same_and_fits(organisation, tuesday):
    organisation.phone = "+3222345678"
    notice = Notice(organisation, "de", "https://line.example.org/", TEMPLATES["refugees"])
    (page,) = read(paper.flyer(notice))
    assert page.count("02 234 56 78") == 4
    without = replace(notice, organisation=organisation)
    organisation.phone = ""
    (page,) = read(paper.flyer(without))
    assert "02" not in page.replace("2027", "")
    assert page.count("line.example.org") == 4


def test_the_team_prints_them_and_an_incident_of_others_gives_none(signed_in, lotte, sara, bram, tuesday):
    opening = Opening("heatwave", ["lookin", "groceries"])
    heat = actions.open_incident(actor=of_account(sara), incident_id=uuid4(), opening=opening)
    client = signed_in(lotte)
    page = client.get(reverse("posters")).content.decode()
    where = f"{reverse('poster', args=['poster', 'fr'])}?incident={heat.pk}"
    assert where in page
    made = client.get(where)
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    assert client.get(reverse("poster", args=["flyer", "nl"])).status_code == 200
    for wrong in (
        "banner/fr.pdf",
        "poster/xx.pdf",
        "poster/fr.pdf?incident=x",
        f"poster/fr.pdf?incident={uuid4()}",
    ):
        assert client.get(f"/fr/console/posters/{wrong}").status_code == 404
    assert signed_in(bram).get(where).status_code in {403, 404}
