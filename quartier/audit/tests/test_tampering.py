"""Whatever somebody with the database, but without the keys, changes behind our back, is found."""

from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.audit import actions, queries, rules
from quartier.audit.models import Entry, Head, Seal
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.lib.tests.databases import own_database

HERE, THERE = uuid7(), uuid7()


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory, django_db_setup, django_db_blocker):
    """A database whose triggers somebody has dropped."""
    folder: Path = tmp_path_factory.mktemp("audit")
    with django_db_blocker.unblock(), own_database(folder) as database:
        if database.connection.vendor == "postgresql":
            for table in ("audit_entry", "audit_seal"):
                database.run(f"DROP TRIGGER {table}_only_added ON {table}")
        else:
            for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                database.run(f"DROP TRIGGER {name}")
        yield database


def build(seals: int, size: int) -> None:
    for _ in range(seals):
        for number in range(size):
            for organisation_id in (HERE, THERE):
                actions.record(
                    organisation_id=organisation_id,
                    verb="address_seen",
                    subject_kind="person",
                    subject_id=uuid7(),
                    actor_kind="account",
                    actor_id=uuid7(),
                    details={"number": number},
                )
        actions.seal()
    assert queries.verify(HERE) == []
    assert queries.verify(THERE) == []


def entries(organisation_id=HERE):
    return list(Entry.objects.filter(organisation_id=organisation_id).order_by("pk"))


def change_a_column(pick):
    entry = pick(entries())
    column, value = pick(
        [
            ("at", clock.now()),
            ("actor_id", uuid7()),
            ("actor_id", None),
            ("actor_kind", "system"),
            ("verb", "address_changed"),
            ("subject_kind", "case"),
            ("subject_id", uuid7()),
            ("subject_id", None),
            ("details", {}),
            ("details", {"number": -1}),
            ("organisation_id", THERE),
        ]
    )
    Entry.objects.filter(pk=entry.pk).update(**{column: value})


def delete_an_entry(pick):
    Entry.objects.filter(pk=pick(entries()).pk).delete()


def add_an_entry(pick):
    like = pick(entries())
    like.pk = uuid7()
    like.save(force_insert=True)


def swap_two_entries(pick):
    first, second = entries()[0], pick(entries()[1:])
    for key, verb in ((first.pk, second), (second.pk, first)):
        Entry.objects.filter(pk=key).update(subject_id=verb.subject_id, details=verb.details)


def delete_a_seal(pick):
    pick(list(Seal.objects.filter(organisation_id=HERE))).delete()


def delete_a_seal_with_its_entries(pick):
    seal = pick(list(Seal.objects.filter(organisation_id=HERE)))
    Entry.objects.filter(pk__in=seal.entries).delete()
    seal.delete()


def forget_everything_but_the_head(pick):
    for model in (Entry, Seal):
        model.objects.filter(organisation_id=HERE).delete()


def forget_the_head(pick):
    Head.objects.filter(pk=HERE).delete()


def make_the_chain_anew(pick):
    """Change an entry, and compute every digest again: all but the signatures, for want of the key."""
    Entry.objects.filter(pk=pick(entries()).pk).update(verb="nothing_seen")
    previous = ""
    for seal in Seal.objects.filter(organisation_id=HERE).order_by("number"):
        rows = [Entry.objects.get(pk=key) for key in seal.entries]
        digest = rules.digest(previous, HERE, seal.number, rows)
        Seal.objects.filter(pk=seal.pk).update(previous=previous, digest=digest)
        previous = digest
    Head.objects.filter(pk=HERE).update(digest=previous)


def cut_the_end_off_and_move_the_head(pick):
    last = Seal.objects.filter(organisation_id=HERE).order_by("-number").first()
    Entry.objects.filter(pk__in=last.entries).delete()
    last.delete()
    Head.objects.filter(pk=HERE).update(number=last.number - 1, digest=last.previous)


def take_an_entry_out_of_its_seal(pick):
    seal = pick(list(Seal.objects.filter(organisation_id=HERE)))
    Seal.objects.filter(pk=seal.pk).update(entries=seal.entries[1:])


def write_nonsense_into_a_seal(pick):
    seal = pick(list(Seal.objects.filter(organisation_id=HERE)))
    Seal.objects.filter(pk=seal.pk).update(entries=pick([{}, "x", ["nonsense"], [1], 7]))


def seal_an_entry_twice(pick):
    seal = pick(list(Seal.objects.filter(organisation_id=HERE)))
    Seal.objects.filter(pk=seal.pk).update(entries=[*seal.entries, seal.entries[0]])


TAMPERING = [
    change_a_column,
    delete_an_entry,
    add_an_entry,
    swap_two_entries,
    delete_a_seal,
    delete_a_seal_with_its_entries,
    forget_everything_but_the_head,
    forget_the_head,
    make_the_chain_anew,
    cut_the_end_off_and_move_the_head,
    take_an_entry_out_of_its_seal,
    write_nonsense_into_a_seal,
    seal_an_entry_twice,
]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seals=st.integers(1, 3), size=st.integers(2, 4), luck=st.randoms(use_true_random=False))
def test_tampering_is_found(unguarded, tamper, seals, size, luck):
    with transaction.atomic():
        build(seals, size)
        tamper(luck.choice)
        assert queries.verify(HERE), "not found"
        if tamper is not change_a_column:
            assert queries.verify(THERE) == [], "and nothing is said of others"
        transaction.set_rollback(True)
