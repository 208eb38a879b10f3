"""Entries are added, never changed; and what is wrong with them is found."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from quartier.audit import actions, queries
from quartier.audit.models import Entry, Seal, Unsealed
from quartier.lib import clock
from quartier.lib.ids import uuid7

pytestmark = pytest.mark.django_db
HERE, THERE = uuid7(), uuid7()


def record(organisation_id=HERE, **more):
    words = {"verb": "address_seen", "subject_kind": "person", "subject_id": uuid7()}
    return actions.record(organisation_id=organisation_id, **(words | more))


@pytest.mark.parametrize("make", [lambda: Entry.objects.filter(pk=record().pk), Seal.objects.all])
def test_the_database_refuses_to_change_or_delete(make):
    record()
    actions.seal()
    rows = make()
    assert rows.exists()
    for change in (lambda: rows.update(organisation_id=THERE), lambda: rows._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert queries.verify(HERE) == []


def test_an_entry_goes_with_what_it_tells_of():
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not Unsealed.objects.exists()


def test_each_organisation_has_its_chain():
    for _ in range(3):
        record(HERE)
        record(THERE)
        actions.seal()
    record(HERE)
    assert list(Seal.objects.filter(organisation_id=HERE).order_by("number").values_list("number", flat=True)) == [
        1, 2, 3,
    ]  # fmt: skip
    assert queries.organisations() == sorted([HERE, THERE])
    assert (queries.verify(HERE), queries.verify(THERE)) == ([], [])
    assert queries.head(HERE)[0] == 3
    assert queries.head(uuid7()) == (0, "")


def test_an_entry_that_was_committed_late_is_sealed_later():
    with clock.stopped_at(clock.now()):
        clock.advance(timedelta(hours=-3))
        late = record()
        waits = Unsealed.objects.get(pk=late.pk)
        Unsealed.objects.filter(pk=late.pk).delete()  # As if its transaction were still open.
        clock.advance(timedelta(hours=3))
        record()
        actions.seal()
        waits.save(force_insert=True)
        actions.seal()
    assert Seal.objects.get(number=2).entries == [late.pk.hex]
    assert queries.verify(HERE) == []


def test_sealing_in_parts():
    for _ in range(7):
        record()
    assert [actions.seal(most=3) for _ in range(4)] == [3, 3, 1, 0]
    assert queries.verify(HERE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "Seen by Marie"},
        {"subject_kind": ""},
        {"details": {"share": 0.5}},
        {"details": {"note": "a\x00b"}},
        {"details": {"note": "\ud800"}},
        {"details": {"deep": {"a": 1}}},
        {"details": {"long": "x" * 5000}},
        {"actor_kind": "ghost"},
    ],
)
def test_what_cannot_be_an_entry(wrong):
    with pytest.raises(ValueError):  # noqa: PT011
        record(**wrong)
    assert not Entry.objects.exists()


def test_details_are_kept():
    some = uuid7()
    entry = record(details={"reason": "été", "count": 3, "yes": True, "none": None, "rows": [some, 1]})
    entry.refresh_from_db()
    assert entry.details == {"reason": "été", "count": 3, "yes": True, "none": None, "rows": [str(some), 1]}
    assert list(queries.of_subject(HERE, entry.subject_id)) == [entry]
    assert not queries.of_subject(THERE, entry.subject_id)


def test_an_entry_that_waits_too_long_is_a_problem():
    entry = record()
    Unsealed.objects.update(since=Now() - timedelta(hours=2))
    assert queries.verify(HERE) == [
        f"Entry {entry.pk.hex} has been waiting for its seal for more than an hour."
    ]


def test_the_triggers_are_there():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_%_only_added'")
        else:
            cursor.execute(
                "SELECT count(*) / 2 FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
            )
        assert cursor.fetchone()[0] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tests_with_real_commits_begin_with_empty_tables(turn):
    assert not Entry.objects.exists()
    record()
    actions.seal()
