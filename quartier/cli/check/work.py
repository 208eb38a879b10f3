"""Whether the work goes on: organisation, places, worker, messages, jobs."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from quartier.alerts.queries import trustee_of
from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.jobs import queries as jobs_queries
from quartier.jobs.models import Tick
from quartier.jobs.schedule import leaves_trace
from quartier.lib import background, clock, crypto
from quartier.lib.crypto import CannotOpen
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.places.models import Place
from quartier.team.models import Organisation
from quartier.team.queries import heads

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
            _("Restore the right quartier.toml from your backup before anything is written."),
        )


def indexed() -> Iterator[Finding]:
    """Whether the index key finds people again: with another one nobody is recognised, and blocks do not hold."""
    written_down = Person.objects.exclude(email_index="", phone_index="").order_by("created_at")
    # The last one may have been written down after the key had changed.
    some = [each for each in (written_down.first(), written_down.last()) if each is not None]
    try:
        found = all(_is_found_again(each) for each in some)
    except CannotOpen:
        # `sealed` says so already.
        return
    if not some:
        return
    if found:
        yield good("indexed", _("The index key finds people again by their number and address."))
    else:
        yield wrong(
            "indexed",
            _(
                "index_key is not the one with which people were written down: no one is recognised by their "
                "number or address, and blocks do not hold."
            ),
            _("Restore the right quartier.toml from your backup before anything is written."),
        )


def _is_found_again(person: Person) -> bool:
    return (person.phone_index, person.email_index) == (
        crypto.blind("phone", person.organisation_id, person.phone),
        crypto.blind("email", person.organisation_id, person.email.lower()),
    )


def organisation() -> Iterator[Finding]:
    """Somebody runs it, somebody can sign in, people know the number."""
    for each in Organisation.objects.order_by("created_at"):
        if not heads(each):
            yield wrong(
                "organisation",
                _("{name} has no administrator who can sign in.").format(name=each.name),
                _("Make someone one: {command}").format(
                    command="quartier team add NAME ADDRESS --role admin"
                ),
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
                    "{name} has no independent contact outside its team: a concern about the person who "
                    "leads it may reach no one."
                ).format(name=each.name),
                _("Name an independent contact: in the console, under “Concerns”."),
            )
        else:
            yield good(
                "trustee", _("{name} has an independent contact outside its team.").format(name=each.name)
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
                _("No place in {country} is known: no one can say where help is needed.").format(
                    country=country
                ),
                f"quartier places import --country {country} FILE",
            )


def worker() -> Iterator[Finding]:
    """Whether a worker is there: the shortest schedule that leaves a trace does so at every tick."""
    now = clock.now()
    seconds = [each.seconds for each in background.SCHEDULES.values() if leaves_trace(each)]
    shortest = min(seconds, default=600)
    last = Tick.objects.aggregate(at=Max("at"))["at"]
    if last is None or now - last > timedelta(seconds=2 * shortest + 60):
        yield wrong(
            "worker",
            _("No worker has been seen: neighbours are not asked and messages are not sent.")
            if last is None
            else _("No worker has been seen for {count} minutes.").format(
                count=int((now - last).total_seconds() // 60)
            ),
            _("Start it: quartier run (or quartier worker on another machine)."),
        )
    else:
        yield good("worker", _("A worker is running."))


def outbox() -> Iterator[Finding]:
    """Messages that should have left, and those that were given up."""
    now = clock.now()
    due = [*Message.WAITING, Message.State.SENDING]
    stuck = Message.objects.filter(state__in=due, not_before__lt=now - STUCK_AFTER).count()
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gt=now - LATELY).count()
    if stuck:
        yield wrong(
            "outbox",
            _("Messages that should have been sent more than ten minutes ago: {count}.").format(count=stuck),
            _("Check that a worker is running and that the mail server answers."),
        )
    if failed:
        yield doubt(
            "failed_messages",
            _("Messages given up since yesterday: {count}.").format(count=failed),
            _("The board shows who to call instead."),
        )
    if not stuck and not failed:
        yield good("outbox", _("Messages are sent on time."))


def jobs() -> Iterator[Finding]:
    """Background work that was given up."""
    count = jobs_queries.failed().count()
    if count:
        last = jobs_queries.failed().first()
        yield doubt(
            "jobs",
            _("Background jobs given up: {count}, the last one {name}.").format(
                count=count, name=last.task if last else ""
            ),
            _("Tell the person who looks after the machine."),
        )
    else:
        yield good("jobs", _("No background job was given up."))
