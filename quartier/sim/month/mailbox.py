"""Every message that somebody got in a month, as plain values: for whoever wants to read them."""

from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.team.access import TEAM
from quartier.team.models import Account, Organisation


def read_mailbox(organisation: Organisation) -> list[dict[str, str]]:
    """What went out, in order. `reader`: `team`, `volunteer`, or `person` who waits or was helped; `at`: local time."""
    volunteers = set(Volunteer.objects.filter(organisation=organisation).values_list("person", flat=True))
    team = Account.objects.filter(organisation=organisation, roles__name__in=TEAM)
    team_members = set(team.values_list("person", flat=True))
    rows = Message.objects.filter(organisation=organisation, state__in=Message.GONE_OUT)
    found = []
    for row in rows.select_related("person").order_by("created_at", "pk"):
        is_team = row.person_id in team_members
        reader = "team" if is_team else "volunteer" if row.person_id in volunteers else "person"
        at = (row.sent_at or row.not_before).astimezone(organisation.zone)
        found.append(
            {
                "at": at.isoformat(timespec="minutes"),
                "language": row.language,
                "template": row.template,
                "reader": reader,
                "name": row.person.name,
                "channel": row.channel,
                "subject": row.subject,
                "body": row.body,
            }
        )
    return found
