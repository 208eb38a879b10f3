"""Sealed columns on real rows: nothing readable is stored, moved or compared."""

import pytest
from django.db import connection

from quartier.intake.models import Draft
from quartier.lib import crypto
from quartier.people.models import Person


@pytest.mark.django_db
def test_the_database_holds_no_name(organisation, tuesday):
    person = Person.objects.create(organisation=organisation, name="Marie Peeters", created_at=tuesday)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person")
        (stored,) = cursor.fetchone()
    assert "Marie" not in stored
    assert stored.startswith("k1.")
    again = Person.objects.get(pk=person.pk)
    assert again.name == "Marie Peeters"
    assert Person.objects.only("language").get(pk=person.pk).name == "Marie Peeters"


@pytest.mark.django_db
def test_a_value_copied_to_another_row_does_not_open(organisation, tuesday):
    one = Person.objects.create(organisation=organisation, name="Marie", created_at=tuesday)
    two = Person.objects.create(organisation=organisation, name="Paul", created_at=tuesday)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person WHERE id = %s", [_key(one)])
        (stored,) = cursor.fetchone()
        cursor.execute("UPDATE people_person SET name = %s WHERE id = %s", [stored, _key(two)])
    with pytest.raises(crypto.CannotOpen):
        _ = Person.objects.get(pk=two.pk).name


def _key(person):
    return person.pk.hex if connection.vendor == "sqlite" else person.pk


@pytest.mark.django_db
def test_sealed_columns_are_not_for_sql(organisation, tuesday):
    with pytest.raises(TypeError):
        list(Person.objects.filter(name="Marie"))
    with pytest.raises(TypeError):
        Person.objects.update(name="Marie")


@pytest.mark.django_db
def test_a_row_saved_unread_keeps_its_ciphertext(organisation, tuesday):
    draft = Draft.objects.create(
        organisation=organisation,
        form="ask",
        answers={"what": ["é", 1]},
        created_at=tuesday,
        updated_at=tuesday,
    )
    unread = Draft.objects.get(pk=draft.pk)
    before = unread.__dict__["answers"]
    unread.save()
    assert Draft.objects.get(pk=draft.pk).__dict__["answers"] == before
    assert Draft.objects.get(pk=draft.pk).answers == {"what": ["é", 1]}
    assert Draft.objects.get(pk=draft.pk).receipt is None
