"""The people of the line: a number, opening hours, and somebody who answers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from quartier.callcore import Standing
from quartier.cli.check.finding import Finding, doubt, good
from quartier.lib import clock, phone
from quartier.team.models import Organisation
from quartier.telephony import queries
from quartier.telephony.models import Call, Operator


def findings(organisation: Organisation) -> Iterator[Finding]:
    """As it is at this moment."""
    if not organisation.phone:
        yield doubt(
            "number",
            _("The line has no number: call control does not answer for it."),
            _("Enter it as soon as you have one: {command}").format(command="quartier line number +32…"),
        )
    else:
        number = phone.display(organisation.phone, organisation.country)
        yield good("number", _("The line answers for {number}.").format(number=number))
    if is_open(organisation):
        yield good("hours", _("The line is open now."))
    else:
        yield doubt(
            "hours",
            _("The line is closed now: callers hear the hours and are asked for a message."),
            _("The hours are in the console, on the page “The line”."),
        )
    on = Operator.objects.filter(organisation=organisation).exclude(standing=Standing.OFFLINE).count()
    if on:
        yield good("shift", _("Operators on the line: {count}.").format(count=on))
    else:
        yield doubt(
            "shift",
            _("No operator is on the line: callers leave a message after half a minute."),
            _("Operators choose “Take calls” in the console."),
        )


def is_open(organisation: Organisation) -> bool:
    """Whether a caller is put through to operators at this moment."""
    return queries.is_open(organisation, clock.now())


def is_in_use(organisation: Organisation) -> bool:
    """Whether a call would ring somebody's phone now or in a moment, or an operator would be given another caller."""
    on = Operator.objects.filter(organisation=organisation)
    live = Call.objects.filter(organisation=organisation, ended_at=None)
    return on.exclude(standing__in=[Standing.OFFLINE, Standing.PAUSED]).exists() or live.exists()
