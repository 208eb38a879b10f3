"""The order in which the desk says its words."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError

from quartier.lib.crypto import CannotOpen
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.desk import desk as module
from quartier.telephony.desk import said
from quartier.telephony.desk.desk import Desk


def test_who_waits_at_a_telephone_comes_before_what_is_only_written_down(tmp_path):
    def nothing(*_):
        return None

    said = []
    desk = Desk(folder=tmp_path, lines=nothing, wished=nothing, up=nothing, read=nothing)
    for name, first in (("moved 1", False), ("began 1", True), ("moved 2", False), ("began 2", True)):
        desk.put(lambda name=name: said.append(name), first=first)
    while not desk._words.empty():
        word = desk._words.get()
        if word.then is None:
            word.do()
    assert said == ["began 1", "began 2", "moved 1", "moved 2"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "up"), [(OperationalError, [False]), (IntegrityError, []), (CannotOpen, [])]
)
def test_a_wish_that_cannot_be_looked_up_loses_no_other(
    tmp_path, monkeypatch, tuesday, lotte, thomas, sara, error, up
):
    def nothing(*_):
        return None

    told, states, look_up = [], [], module._wished

    def fails(wish):
        if wish.account_id == thomas.pk:
            raise error("no")
        return look_up(wish)

    monkeypatch.setattr(module, "_wished", fails)
    monkeypatch.setattr(module, "TRY_AGAIN_S", 0.0)
    monkeypatch.setattr(module, "close_old_connections", nothing)
    desk = Desk(folder=tmp_path, lines=nothing, wished=told.append, up=states.append, read=nothing)
    desk._is_up = True
    for account in (lotte, thomas, sara):
        actions.wish(actor=of_account(account), what="off")
    desk._look()
    assert [(each.account, each.refused) for each in told if each.what == "off"] == [
        (str(lotte.pk), ""), (str(thomas.pk), "edge"), (str(sara.pk), "")
    ]  # fmt: skip
    assert states == up


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A desk whose lines are kept."""
    monkeypatch.setattr(module, "TRY_AGAIN_S", 0.0)
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    found = []
    made = Desk(folder=tmp_path, lines=found.append, wished=found.append, up=found.append, read=found.append)
    made.found = found
    return made


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        *(
            (each, module.TRIES)
            for each in (ProgrammingError, InternalError, IntegrityError, OSError, CannotOpen)
        ),
        (ObjectDoesNotExist, 1),
    ],
)
def test_a_word_that_cannot_be_said_keeps_no_other_from_being_said(desk, error, tries):
    said = []

    def fails():
        said.append("fails")
        raise error("no")

    desk._say(SimpleNamespace(do=fails, then=said.append, tries=0))
    desk._say(SimpleNamespace(do=lambda: "next", then=said.append, tries=0))
    assert said == ["fails"] * tries + ["next"]


def test_what_fails_after_a_word_ends_no_desk(desk):
    desk._say(SimpleNamespace(do=lambda: 0, then=lambda result: 1 / result, tries=0))


@pytest.mark.django_db
def test_what_fails_of_one_look_keeps_no_other_from_being_read(
    desk, monkeypatch, tuesday, organisation, lotte
):
    def fails(*_):
        raise ProgrammingError("no")

    monkeypatch.setattr(module.queries, "operators_without_access", fails)
    monkeypatch.setattr(module.queries, "can_read", fails)
    actions.wish(actor=of_account(lotte), what="off")
    desk.begin_readings()
    desk._look()
    lines, wish = desk.found
    assert [each.organisation for each in lines] == [organisation.pk]
    assert wish.what == "off"


@pytest.mark.django_db
def test_a_line_that_cannot_be_read_stays_as_it_was_beside_the_others(
    desk, monkeypatch, tuesday, organisation, elsewhere
):
    organisation.phone, elsewhere.phone = "+3225550100", "+3225550101"
    for each in (organisation, elsewhere):
        each.save(update_fields=["phone"])
    desk._read_settings(1.0, True)
    whole, desk._settings_at = module.queries.line_of, 0.0

    def fails(one):
        if one == elsewhere:
            raise CannotOpen
        return whole(one)

    monkeypatch.setattr(module.queries, "line_of", fails)
    desk._is_changed = True
    desk._read_settings(2.0, True)
    assert [{each.organisation for each in found} for found in desk.found] == [
        {organisation.pk, elsewhere.pk}
    ] * 2
    # Where none can be read, nobody is told that there are none.
    monkeypatch.setattr(module.queries, "line_of", lambda one: fails(elsewhere))
    desk._known, desk._settings_at, desk._is_changed = {}, 0.0, True
    with pytest.raises(CannotOpen):
        desk._read_settings(3.0, True)
    assert len(desk.found) == 2


@pytest.mark.django_db
def test_a_recording_that_has_no_room_is_written_later(desk, monkeypatch, tuesday, organisation):
    stored = []

    def full(folder, sounds):
        stored.append(folder)
        if len(stored) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.own, "store", full)
    desk._voices[organisation.pk] = ("others",)
    for _ in range(3):
        assert desk._line(organisation).organisation == organisation.pk
    assert len(stored) == 2


@pytest.mark.django_db
def test_the_calls_of_one_line_that_cannot_be_ended_keep_no_other_line_from_beginning(
    monkeypatch, tuesday, organisation, elsewhere
):
    swept = []

    def sweep(*, organisation, alive, at):
        swept.append(organisation.pk)
        if len(swept) == 1:
            raise CannotOpen

    monkeypatch.setattr(said.actions, "sweep", sweep)
    said.Said.sweep(tuesday)
    assert set(swept) == {organisation.pk, elsewhere.pk}


@pytest.mark.django_db
def test_an_operator_of_before_who_cannot_be_looked_up_keeps_no_other_off(
    monkeypatch, tuesday, organisation, lotte, sara
):
    for account in (lotte, sara):
        module.Operator.objects.create(
            organisation=organisation, account=account, standing="available", since=tuesday
        )
    look_up = module._wished

    def fails(wish):
        if wish.account_id == lotte.pk:
            raise CannotOpen
        return look_up(wish)

    monkeypatch.setattr(module, "_wished", fails)
    assert {each.account for each in module._on_before()} == {str(sara.pk)}


@pytest.mark.django_db
def test_no_message_is_read_before_what_was_read_at_a_fall_is_over(desk, monkeypatch, tuesday):
    asked = []
    monkeypatch.setattr(module.queries, "can_read", lambda: asked.append(True))
    desk._look()
    assert not asked
    desk.begin_readings()
    desk._look()
    assert asked
