"""Danger is told by what rings, not by a mail that nobody reads at two in the morning. (A file of its own beside
`actions`.)"""

from collections.abc import Collection, Iterable, Sequence

from quartier.messaging import aloud
from quartier.messaging.ceiling import DANGER_TEMPLATES
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.models import Organisation


def what_rings_first(template: str, order: Sequence[str]) -> list[str]:
    """The ways in the order in which they are tried: of a danger, mail comes last, whatever somebody has chosen."""
    if template not in DANGER_TEMPLATES:
        return list(order)
    return sorted(order, key=lambda code: code == Message.Channel.EMAIL)


def needs_line(person: Person, template: str, known: Collection[str]) -> bool:
    """Whether only the line can ring somebody of a danger: they have a phone of their own, and otherwise mail alone."""
    silent = set(known) <= {Message.Channel.EMAIL}
    return template in DANGER_TEMPLATES and silent and bool(person.phone) and not person.phone_is_shared


def line_reads(organisation: Organisation, people: Iterable[Person]) -> bool:
    """Whether the line may have to read a danger to some of these, and does. Asks only where one has a phone."""
    return any(each.phone and not each.phone_is_shared for each in people) and aloud.reads(organisation.pk)
