"""Which private pages somebody may open."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from quartier.cases.models import CaseContact, Request, Series, StatusLink
from quartier.lib import clock
from quartier.people.queries import known_best

# So long after the end of what was asked the page is of use: for a word about how it was, and for money.
FOLLOWED_FOR = timedelta(days=30)


def shown_until(link: StatusLink) -> datetime | None:
    """Up to when what was asked is shown by a link that nobody has proven; `None` where it shows all of the file. Once
    one of the team has added what somebody told them on the phone, it shows what stood there before, and changes
    nothing: whoever has filled in the form may be somebody else."""
    if link.is_proven:
        return None
    called = CaseContact.objects.filter(
        case=link.case_id, contact__at__gte=link.created_at, contact__taken_by__isnull=False
    )
    since: datetime | None = called.order_by("contact__at").values_list("contact__at", flat=True).first()
    if since is None:
        return None
    more = Request.objects.filter(case=link.case_id).exclude(asked_before(since))
    return since if more.exists() else None


def asked_before(moment: datetime) -> Q:
    """Requests that stood in their file by then, and the times of regular help that did."""
    return Q(created_at__lt=moment) | Q(series__created_at__lt=moment)


def links_followed(people: Iterable[UUID], limit: int = 3) -> list[StatusLink]:
    """The private links of these people that work, to files in which something is asked for or was lately, or comes
    again, be it after a rest; of whom we know best, and the newest first: a few forms with a number keep nobody
    from their page. A page that was closed is not among them."""
    lately = Q(closed_at=None) | Q(closed_at__gt=clock.now() - FOLLOWED_FOR)
    asked = Request.objects.filter(lately, case=OuterRef("case_id"))
    again = Series.objects.exclude(state=Series.State.ENDED).filter(case=OuterRef("case_id"))
    rows = StatusLink.objects.filter(
        Exists(asked) | Exists(again), person__in=list(people), is_proven=True, revoked_at=None
    )
    rows = rows.select_related("case", "person__organisation")
    return list(rows.order_by(known_best("person__"), "-created_at", "-pk")[:limit])
