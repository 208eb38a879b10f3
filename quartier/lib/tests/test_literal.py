"""Words that stand in a statement as they are."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from quartier.lib.literal import SqlLiteral, literals


def test_a_word_of_ours_is_no_parameter():
    found = MigrationRecorder(connection).migration_qs.filter(app__in=literals(["due", "sending"]))
    sql, values = found.query.sql_with_params()
    assert "IN ('due', 'sending')" in sql
    assert values == ()


@pytest.mark.django_db
def test_it_finds_what_a_parameter_would():
    rows = MigrationRecorder(connection).migration_qs
    rows.create(app="due", name="one")
    rows.create(app="sent", name="two")
    assert rows.filter(app__in=literals(["due", "sending"])).count() == 1


@pytest.mark.parametrize("word", ["", "due'", "Due", "due sending", "x); DROP TABLE y; --"])
def test_nothing_else_is(word):
    with pytest.raises(ValueError, match="no word of ours"):
        SqlLiteral(word)
