"""Tests run on SQLite, in a file that is gone afterwards, or on the database that QUARTIER_TEST_DATABASE names.

The cast is the same in every test: Marie is helped, Youssef and Nadia are volunteers around the corner, Lotte
takes calls, Thomas coordinates, Sara heads the organisation; Bram coordinates another organisation.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

os.environ["QUARTIER_HOME"] = tempfile.mkdtemp(prefix="quartier-test-")
os.environ["QUARTIER_DATABASE"] = os.environ.get("QUARTIER_TEST_DATABASE", "sqlite:///")
os.environ.setdefault("QUARTIER_DEMO", "1")
os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-the-database",
        action="store_true",
        help="only tests that use the database: what has nothing to do with it is run once, not on each of both",
    )
    parser.addoption(
        "--begins-at",
        type=lambda text: datetime.fromisoformat(text).astimezone(UTC),
        help="what the clock says when the tests begin, such as 2028-02-29T23:55+01:00 (real servers keep their own)",
    )
    parser.addoption(
        "--mixed",
        action="store_true",
        help="rows that nothing puts in order come in any order (SQLite): what relies on it fails at once",
    )


def begin_at(moment: datetime) -> None:
    """Let the clock of this process go on from `moment`."""
    from quartier.lib import clock

    ahead = moment - datetime.now(UTC)

    class Elsewhen(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + ahead

    # Others have the function already: it looks here.
    clock.datetime = Elsewhen  # type: ignore[misc]


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings now. Named in pyproject.toml, they would be read before the lines above are run."""
    from django.conf import settings

    from quartier.lib import catalogues

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # In memory all threads of a served page share one connection, which SQLite refuses now and then.
        memory = "/dev/shm"
        roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
        folder = memory if roomy else None
        home = Path(tempfile.mkdtemp(prefix="quartier-test-", dir=folder))
        settings.DATABASES["default"]["TEST"] = {"NAME": str(home / "test.sqlite3")}
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    if moment := config.getoption("--begins-at"):
        begin_at(moment)
    if config.getoption("--mixed"):
        from tests.mixed import mix

        mix()
    # Texts are tested in every language, so the catalogues must be those of this moment.
    catalogues.compile_all()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_blocker: Any) -> bool:
    """On SQLite a database is there already when the tests begin: a copy of an empty one, without its migrations. On
    PostgreSQL it is made as a copy of such a one."""
    from django.conf import settings
    from django.db import connection

    from quartier.lib.tests import databases
    from tests import empty

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = databases.with_tables(on_postgresql=True)
        return False
    test = settings.DATABASES["default"].get("TEST")
    if not test or not test.get("NAME"):
        return False
    empty.put(Path(test["NAME"]))
    return True


# A Tuesday, at 11 in Brussels.
TUESDAY = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
# Ixelles, place Flagey.
FLAGEY = (50.8275, 4.3722)


@pytest.fixture
def tuesday() -> Iterator[datetime]:
    """The clock stands at eleven on a Tuesday morning in Brussels."""
    from quartier.lib import clock

    with clock.stopped_at(TUESDAY):
        yield TUESDAY


@pytest.fixture
def places(db: None) -> None:
    """Some places of Belgium, found by name and postcode."""
    from quartier.places.tests import atlas

    atlas.put()


@pytest.fixture
def organisation(db: None) -> Any:
    """The organisation whose line it is. It asks a dozen at a time: tests can count on how many that is."""
    from quartier.team.models import Organisation

    return Organisation.objects.create(
        policy="waves",
        name="Quartier Bruxelles",
        languages=["fr", "nl", "de", "en"],
        phone="+3280000020",
        created_at=TUESDAY,
    )


@pytest.fixture
def elsewhere(organisation: Any, settings: Any) -> Any:
    """Another organisation of the same installation, at an address of its own."""
    from quartier.team.models import Organisation

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "gent.example.org"]
    return Organisation.objects.create(
        name="Buurthulp Gent",
        host="gent.example.org",
        languages=["nl", "fr"],
        phone="+3220001428",
        created_at=TUESDAY,
    )


@pytest.fixture
def account(organisation: Any) -> Callable[..., Any]:
    """Makes an account: `account("Thomas", "coordinator")`."""
    from quartier.people import actions
    from quartier.people.actions import Who

    def make(name: str, *roles: str, at: Any = None, language: str = "fr") -> Any:
        return actions.create_account(
            organisation=at or organisation,
            who=Who(name, email=f"{name.lower()}@example.org", language=language, channel="email"),
            roles=list(roles),
        )

    return make


@pytest.fixture
def lotte(account: Any) -> Any:
    """An operator."""
    return account("Lotte", "operator", language="nl")


@pytest.fixture
def thomas(account: Any) -> Any:
    """The coordinator."""
    return account("Thomas", "coordinator")


@pytest.fixture
def sara(account: Any) -> Any:
    """The head of the organisation."""
    return account("Sara", "admin")


@pytest.fixture
def bram(account: Any, elsewhere: Any) -> Any:
    """The coordinator of the other organisation."""
    return account("Bram", "coordinator", "operator", at=elsewhere, language="nl")


@pytest.fixture
def volunteer(organisation: Any) -> Callable[..., Any]:
    """Makes a volunteer: `volunteer("Youssef", at=(lat, lon), kinds=["groceries"])`."""
    from quartier.lib import cells, choices
    from quartier.people import actions
    from quartier.people.actions import Readiness, Who

    def make(
        name: str,
        *,
        at: tuple[float, float] = FLAGEY,
        kinds: list[str] | None = None,
        languages: list[str] | None = None,
        org: Any = None,
        **ready: Any,
    ) -> Any:
        who = Who(name, email=f"{name.lower()}@example.org", language="fr", channel="email")
        bits = choices.mask(choices.KINDS, kinds or [each.code for each in choices.KINDS])
        readiness = Readiness(
            kinds=bits,
            languages=choices.mask(choices.LANGUAGES, languages or ["fr", "nl"]),
            slots=ready.pop("slots", choices.ALL_SLOTS),
            travel="car" if bits & choices.LIFT else "bike",
            radius_m=ready.pop("radius_m", 5000),
            capacity=ready.pop("capacity", 2),
            budget=ready.pop("budget", 2),
            cell=cells.cell_at(*at),
            postcode="1050",
            place_name="Ixelles",
        )
        assert not ready, f"unknown: {ready}"
        made, _new = actions.join(organisation=org or organisation, who=who, ready=readiness)
        return made

    return make


@pytest.fixture
def youssef(volunteer: Any) -> Any:
    """A volunteer around the corner."""
    return volunteer("Youssef")


@pytest.fixture
def nadia(volunteer: Any) -> Any:
    """Another one, a little farther."""
    return volunteer("Nadia", at=(50.835, 4.38))


@pytest.fixture
def asked(organisation: Any) -> Callable[..., Any]:
    """Opens a case for Marie, of Ixelles: `asked("groceries").requests[0]`."""
    from quartier.cases import actions as cases
    from quartier.cases.rules import Household, Wanted, Where
    from quartier.intake import actions as intake
    from quartier.lib import cells, choices
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.team.access import system

    def ask(
        kind: str = "groceries",
        *,
        name: str = "Marie Peeters",
        at: tuple[float, float] = FLAGEY,
        channel: str = "email",
        org: Any = None,
        moderated: bool = False,
        **wanted: Any,
    ) -> Any:
        org = org or organisation
        who = Who(
            name,
            phone="+3220001427",
            email=f"{name.split()[0].lower()}@example.org",
            channel=channel,
            language="fr",
        )
        marie = people.record_person(organisation=org, who=who)
        actor = system(org)
        contact = intake.record_contact(actor=actor, person=marie, channel="web", moderated=moderated)
        household = Household(
            where=Where(cells.cell_at(*at), "1050", "Ixelles"),
            address="Rue du Page 42",
            access_notes="2e sonnette",
        )
        languages = choices.mask(choices.LANGUAGES, wanted.pop("languages", ["fr"]))
        return cases.open_case(
            actor=actor,
            contact=contact,
            person=marie,
            household=household,
            wanted=[Wanted(kind, languages, **wanted)],
        )

    return ask


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps for a few seconds is of another test's database, and would hide statements; the language of
    another test's last page is not that of this one."""
    from django.core.cache import cache
    from django.utils import translation

    translation.deactivate()
    from quartier.config import organisation

    cache.clear()
    organisation.forget()
    monkeypatch.setattr(organisation, "_FRESH_S", 0.0)


@pytest.fixture(autouse=True)
def _clock_goes_on() -> Iterator[None]:
    """A clock that a test leaves standing would stand for all that come after it."""
    from quartier.lib import clock

    before = clock._set_to
    yield
    after = clock._set_to
    clock.set_time(before)
    assert after == before, (
        "this test leaves the clock standing: let it take `tuesday`, or `clock.stopped_at`"
    )


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> Iterator[None]:
    """Between tests with real commits, SQLite empties tables row by row: the triggers of audit and book step aside."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    DatabaseOperations = DatabaseWrapper.ops_class  # noqa: N806
    empty = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
                "AND (tbl_name LIKE 'audit%' OR tbl_name LIKE 'expenses%')"
            )
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*drop, *empty(self, *args, **kwargs), *[sql for _, sql in triggers]]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = empty  # type: ignore[method-assign]


# Whoever asks for one of these uses the database.
TO_THE_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last: from the first one on, the browser's own loop runs in this thread, and no test could run
    another one in it."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))
    if config.getoption("--on-the-database"):
        uses = [
            item.get_closest_marker("django_db") is not None
            or bool(TO_THE_DATABASE & set(getattr(item, "fixturenames", ())))
            for item in items
        ]
        config.hook.pytest_deselected(items=[item for item, one in zip(items, uses, strict=True) if not one])
        items[:] = [item for item, one in zip(items, uses, strict=True) if one]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all browser tests."""
    from tests import chromium

    with chromium.running() as browser:
        yield browser


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The served pages. Started after the database is there: before, it is thought to be in memory, and all threads
    would share one connection."""
    return live_server
