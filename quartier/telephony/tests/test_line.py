"""What a group chooses for its line, and its own recordings."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier import callcore
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import LineSettings, OwnPrompt
from quartier.telephony.rules import BadSound
from quartier.telephony.tests.room import wav

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(tuesday, thomas):
    return of_account(thomas)


def test_without_a_row_the_defaults_are_meant(tuesday, organisation):
    assert queries.line_of(organisation) == callcore.Line()
    assert queries.settings_of(organisation).tries == 3
    assert queries.is_open(organisation, tuesday)
    assert not LineSettings.objects.exists()


def test_what_is_chosen_is_how_call_control_behaves(organisation, coordinator):
    organisation.languages = ["nl", "nl", "fr"]
    actions.change_line(actor=coordinator, longest_wait_s=600, ring_s=15, at_once=2, wrap_up_s=30)
    line = queries.line_of(organisation)
    assert (line.languages, line.longest_s, line.ring_s, line.at_once, line.wrap_up_s) == (
        ("nl", "fr"),
        600,
        15,
        2,
        30,
    )


def test_nonsense_in_the_table_is_left_out(organisation, tuesday):
    LineSettings.objects.create(organisation=organisation, longest_wait_s=0, ring_s=0, at_once=0, wrap_up_s=0)
    organisation.languages = []
    assert queries.line_of(organisation) == callcore.Line()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ring_s": 4},
        {"at_once": 0},
        {"daily_cents": -1},
        {"keep_audio_days": 0},
        {"may_dial": ["32"]},
        {"may_dial": ["+3x"]},
        {"closed_until": "tomorrow"},
        {"organisation": None},
        {"id": 5},
    ],
)
def test_out_of_bounds_is_refused(coordinator, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        actions.change_line(actor=coordinator, **wrong)
    assert not LineSettings.objects.exists()


def test_closed_by_hand(organisation, coordinator):
    actions.change_line(actor=coordinator, closed_until=clock.now() + timedelta(hours=1))
    assert not queries.is_open(organisation, clock.now())
    actions.change_line(actor=coordinator, closed_until=None, records=True, open_on_holidays=False)
    assert queries.is_open(organisation, clock.now())
    christmas = clock.now().replace(month=12, day=25)
    assert not queries.is_open(organisation, christmas)


def test_only_who_looks_after_the_line(tuesday, lotte):
    for change in (
        lambda actor: actions.change_line(actor=actor, tries=5),
        lambda actor: actions.keep_prompt(actor=actor, name="welcome", language="fr", sound=wav()),
        lambda actor: actions.drop_prompt(actor=actor, name="welcome", language="fr"),
    ):
        with pytest.raises(Http404):
            change(of_account(lotte))


def test_own_recordings(coordinator, organisation, elsewhere, bram):
    actions.keep_prompt(actor=coordinator, name="welcome", language="fr", sound=wav(1))
    actions.keep_prompt(actor=coordinator, name="welcome", language="fr", sound=wav(3))
    actions.keep_prompt(actor=of_account(bram), name="welcome", language="fr", sound=wav(2))
    ((row, sound),) = queries.own_prompts(organisation)
    assert (row.name, row.language, row.seconds, sound) == ("welcome", "fr", 3.0, wav(3))
    actions.drop_prompt(actor=coordinator, name="welcome", language="fr")
    actions.drop_prompt(actor=coordinator, name="welcome", language="fr")
    assert OwnPrompt.objects.get().organisation == elsewhere


@pytest.mark.parametrize("sound", [b"", b"MThd", wav(rate=44100), wav(0), wav(91)])
def test_what_is_no_prompt_is_refused(coordinator, sound):
    with pytest.raises(BadSound):
        actions.keep_prompt(actor=coordinator, name="welcome", language="fr", sound=sound)


@pytest.mark.parametrize(
    ("name", "language"), [("../x", "fr"), ("", "fr"), ("a" * 31, "fr"), ("welcome", "xx")]
)
def test_a_prompt_has_a_plain_name_and_one_of_our_languages(coordinator, name, language):
    with pytest.raises(ValueError, match="no such"):
        actions.keep_prompt(actor=coordinator, name=name, language=language, sound=wav())
