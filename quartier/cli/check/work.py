"""Whether the work goes on: organisation, places, worker, messages, jobs."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from quartier.alerts.queries import trustee_of
from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.jobs import queries as jobs_queries
from quartier.jobs.models import Tick
from quartier.lib import background, clock
from quartier.lib.crypto import CannotOpen
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.places.models import Place
from quartier.team.models import Organisation, Role

STUCK_AFTER = timedelta(minutes=10)
LATELY = timedelta(days=1)


def sealed() -> Iterator[Finding]:
    """Whether the keys open what is in the database."""
    person = Person.objects.exclude(name="").order_by("-created_at").first()
    if person is None:
        return
    try:
        opened = bool(person.name)
    except CannotOpen:
        opened = False
    if opened:
        yield good("sealed", _("The keys open the data."))
    else:
        yield wrong(
            "sealed",
            _("The keys do not open the data: they are those of another installation."),
            _("Bring the right quartier.toml back from your copy before anything is written."),
        )


def organisation() -> Iterator[Finding]:
    """Somebody runs it, somebody can sign in, people know the number."""
    for each in Organisation.objects.order_by("created_at"):
        heads = Role.objects.filter(organisation=each, name=Role.Name.ADMIN, account__is_active=True).count()
        if not heads:
            yield wrong(
                "organisation",
                _("{name} has no administrator who can sign in.").format(name=each.name),
                _("Ask whoever looks after the machine to make one."),
            )
        elif not each.phone:
            yield doubt(
                "organisation",
                _("{name} has no phone number yet: pages show none.").format(name=each.name),
                _("Enter it as soon as you have one: {command}").format(command="quartier line number +32…"),
            )
        else:
            yield good("organisation", _("{name} has a number and an administrator.").format(name=each.name))
    if not Organisation.objects.exists():
        yield wrong("organisation", _("There is no organisation."), _("Make one: quartier init"))


def trustee() -> Iterator[Finding]:
    """Whether a concern about those who lead reaches somebody."""
    for each in Organisation.objects.order_by("created_at"):
        found = trustee_of(each)
        if found is None:
            yield doubt(
                "trustee",
                _(
                    "{name} has named nobody outside of its team: a concern about whoever leads it may reach nobody."
                ).format(name=each.name),
                _("Name somebody whom you trust: in the console, under “Concerns”."),
            )
        else:
            yield good(
                "trustee", _("{name} has named whom it trusts outside of its team.").format(name=each.name)
            )


def places() -> Iterator[Finding]:
    """Whether places are found in the countries of the organisations."""
    for country in sorted(set(Organisation.objects.values_list("country", flat=True))):
        count = Place.objects.filter(country=country).count()
        if count:
            yield good(
                "places", _("{count} places of {country} are known.").format(count=count, country=country)
            )
        else:
            yield wrong(
                "places",
                _("No place of {country} is known: nobody can say where help is needed.").format(
                    country=country
                ),
                f"quartier places import --country {country} FILE",
            )


def worker() -> Iterator[Finding]:
    """Whether a worker is there: the shortest schedule leaves a trace at every tick."""
    now = clock.now()
    shortest = min((each.seconds for each in background.SCHEDULES.values()), default=600)
    last = Tick.objects.aggregate(at=Max("at"))["at"]
    if last is None or now - last > timedelta(seconds=2 * shortest + 60):
        yield wrong(
            "worker",
            _("No worker has been seen: neighbours are not asked and messages do not leave.")
            if last is None
            else _("No worker has been seen for {count} minutes.").format(
                count=int((now - last).total_seconds() // 60)
            ),
            _("Start it: quartier run (or quartier worker on another machine)."),
        )
    else:
        yield good("worker", _("A worker is at work."))


def outbox() -> Iterator[Finding]:
    """Messages that should have left, and those that were given up."""
    now = clock.now()
    due = [*Message.WAITING, Message.State.SENDING]
    stuck = Message.objects.filter(state__in=due, not_before__lt=now - STUCK_AFTER).count()
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gt=now - LATELY).count()
    if stuck:
        yield wrong(
            "outbox",
            _("Messages that should have left more than ten minutes ago: {count}.").format(count=stuck),
            _("See that a worker runs and that the mail server answers."),
        )
    if failed:
        yield doubt(
            "failed_messages",
            _("Messages given up since yesterday: {count}.").format(count=failed),
            _("The board shows whom to call instead."),
        )
    if not stuck and not failed:
        yield good("outbox", _("Messages leave on time."))


def jobs() -> Iterator[Finding]:
    """Background work that was given up."""
    count = jobs_queries.failed().count()
    if count:
        last = jobs_queries.failed().first()
        yield doubt(
            "jobs",
            _("Background work given up: {count}, the last one {name}.").format(
                count=count, name=last.task if last else ""
            ),
            _("Tell whoever looks after the machine."),
        )
    else:
        yield good("jobs", _("No background work was given up."))
