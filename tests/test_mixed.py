"""What mixes rows for tests: chance has the last word, and only there."""

import pytest

from tests.mixed import mixed


@pytest.mark.parametrize(
    ("statement", "then"),
    [
        ("SELECT a FROM t", "SELECT a FROM t ORDER BY RANDOM() "),
        ("SELECT a FROM t LIMIT 2", "SELECT a FROM t ORDER BY RANDOM() LIMIT 2"),
        ("SELECT a FROM t ORDER BY b", "SELECT a FROM t ORDER BY b, RANDOM() "),
        ("SELECT a FROM t ORDER BY b LIMIT 2", "SELECT a FROM t ORDER BY b, RANDOM() LIMIT 2"),
        (
            "SELECT a FROM t WHERE EXISTS(SELECT 1 FROM u ORDER BY v LIMIT 1)",
            "SELECT a FROM t WHERE EXISTS(SELECT 1 FROM u ORDER BY v LIMIT 1) ORDER BY RANDOM() ",
        ),
        ("SELECT a FROM t WHERE b = 'x) LIMIT'", "SELECT a FROM t WHERE b = 'x) LIMIT' ORDER BY RANDOM() "),
        (
            'WITH n AS (SELECT "limit" FROM t LIMIT 1) SELECT * FROM n',
            'WITH n AS (SELECT "limit" FROM t LIMIT 1) SELECT * FROM n ORDER BY RANDOM() ',
        ),
        ("SELECT a FROM t UNION SELECT a FROM u", "SELECT a FROM t UNION SELECT a FROM u"),
        ("UPDATE t SET a = (SELECT 1)", "UPDATE t SET a = (SELECT 1)"),
        ("PRAGMA foreign_keys", "PRAGMA foreign_keys"),
    ],
)
def test_chance_has_the_last_word(statement, then):
    assert mixed(statement) == then
