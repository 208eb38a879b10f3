"""Opening, changing and ending; which kinds are offered; to which incident a request belongs."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.audit.models import Entry
from quartier.incidents import actions, queries, rules
from quartier.incidents.actions import Opening
from quartier.incidents.models import Incident
from quartier.incidents.shipped import TEMPLATES
from quartier.lib import choices, clock
from quartier.look.templatetags.look_elements import icons
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(sara):
    return of_account(sara)


def opened(head, template, kinds=None, **words):
    opening = Opening(template, kinds or list(TEMPLATES[template].kinds), **words)
    return actions.open_incident(actor=head, incident_id=uuid4(), opening=opening)


def codes(organisation):
    queries.forget(organisation)
    return [kind.code for kind in queries.offered(organisation)]


def test_every_template_offers_kinds_that_exist_and_has_a_picture():
    for code, template in TEMPLATES.items():
        assert code == template.code
        assert len(code) <= 10
        assert template.icon in icons()
        assert choices.mask(choices.KINDS, template.kinds)
        assert len(set(template.kinds)) == len(template.kinds)
        # Whoever needs something that nobody has thought of can say so.
        assert "other" in template.kinds
        names = [asked.code for asked in template.questions]
        assert len(set(names)) == len(names)


def test_bits_of_kinds_are_never_given_twice():
    assert len({kind.bit for kind in choices.KINDS}) == len(choices.KINDS)
    assert [kind.code for kind in choices.EVERYDAY] == [
        "groceries", "pharmacy", "meal", "transport", "dog", "papers", "talk", "other",
    ]  # fmt: skip


def test_when_nothing_runs_the_kinds_of_every_day_are_offered(organisation):
    assert codes(organisation) == [kind.code for kind in choices.EVERYDAY]


def test_an_incident_offers_its_kinds_until_it_ends(organisation, head):
    flood = opened(head, "flood", ["shelter", "cleanup", "other"])
    assert codes(organisation) == ["shelter", "cleanup", "other"]
    assert actions.end_incident(actor=head, incident=flood)
    assert not actions.end_incident(actor=head, incident=flood)
    assert codes(organisation) == [kind.code for kind in choices.EVERYDAY]
    assert list(Entry.objects.values_list("verb", flat=True).order_by("pk")) == [
        "incident.open",
        "incident.end",
    ]


def test_several_at_once_offer_all_of_theirs_the_newest_first(organisation, head, tuesday):
    opened(head, "everyday")
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        opened(head, "heatwave", ["lookin", "groceries", "other"])
    found = codes(organisation)
    assert found[:2] == ["lookin", "groceries"]
    assert found[-1] == "other"
    assert set(found) == {"lookin", *(kind.code for kind in choices.EVERYDAY)}


def test_pressing_twice_opens_one(organisation, head):
    key, opening = uuid4(), Opening("flood", ["cleanup"])
    first, second = (actions.open_incident(actor=head, incident_id=key, opening=opening) for _ in range(2))
    assert first == second
    assert Entry.objects.filter(verb="incident.open").count() == 1


def test_the_key_of_another_organisation_opens_nothing_there(head, bram, organisation):
    key, opening = uuid4(), Opening("flood", ["cleanup"])
    actions.open_incident(actor=head, incident_id=key, opening=opening)
    theirs = actions.open_incident(actor=of_account(bram), incident_id=key, opening=opening)
    assert theirs.organisation_id == bram.organisation_id
    assert Incident.objects.count() == 2


def test_changing_says_whether_something_changed(head):
    flood = opened(head, "flood", ["cleanup"])
    same = Opening("flood", ["cleanup"])
    assert not actions.change_incident(actor=head, incident=flood, opening=same)
    other = Opening("flood", ["cleanup", "meal"], names={"fr": "La crue"})
    assert actions.change_incident(actor=head, incident=flood, opening=other)
    actions.end_incident(actor=head, incident=flood)
    assert not actions.change_incident(actor=head, incident=flood, opening=same)


@pytest.mark.parametrize(("template", "kinds"), [("war", ["meal"]), ("flood", []), ("flood", ["gold"])])
def test_what_makes_no_sense_is_refused(template, kinds):
    with pytest.raises((ValueError, KeyError)):
        Opening(template, kinds)


def test_a_request_belongs_to_what_offers_it_else_to_the_newest(head, asked, tuesday):
    assert asked("groceries").requests[0].incident is None
    flood = opened(head, "flood", ["cleanup", "groceries"])
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        heat = opened(head, "heatwave", ["lookin"])
        assert asked("groceries").requests[0].incident == flood
        assert asked("lookin").requests[0].incident == heat
        assert asked("dog").requests[0].incident == heat
    actions.end_incident(actor=head, incident=heat)
    assert asked("dog").requests[0].incident == flood


def test_only_a_yes_or_no_is_noted_and_each_reader_gets_their_own():
    flood = [TEMPLATES["flood"]]
    answers = {"flood_water": "yes", "flood_power": "unknown", "flood_leave": "no", "heatwave_cool": "yes"}
    assert rules.notes(flood, answers, for_neighbour=True) == "Water in the house: yes"
    assert rules.notes(flood, answers, for_neighbour=False) == "Help to leave the house: no"
    assert rules.notes(flood, {}, for_neighbour=True) == ""


def test_whoever_answered_reads_again_that_they_do_not_know():
    flood, answers = [TEMPLATES["flood"]], {"flood_water": "unknown"}
    assert rules.notes(flood, answers, for_neighbour=True) == ""
    said = rules.notes(flood, answers, for_neighbour=True, with_unknown=True)
    assert said == "Water in the house: I don’t know"


def test_questions_are_asked_of_whoever_needs_what_the_incident_offers(head, organisation):
    opened(head, "flood", ["cleanup"])
    running = queries.read(organisation)
    assert [each.code for each in rules.asking(running, ["cleanup", "dog"])] == ["flood"]
    assert rules.asking(running, ["dog"]) == []
    opened(head, "flood", ["cleanup"])
    assert [each.code for each in rules.asking(queries.read(organisation), ["cleanup"])] == ["flood"]


def test_what_runs_is_read_once_a_page(organisation, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(5):
            queries.offered(organisation)
