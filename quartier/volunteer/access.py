"""Who is at the volunteer's own pages."""

from django.http import HttpRequest

from quartier.people.access import own_volunteer
from quartier.people.models import Volunteer
from quartier.team.access import Actor


def me(request: HttpRequest) -> tuple[Actor, Volunteer]:
    """The signed-in volunteer; raises `Http404` for an account that is none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor, own_volunteer(actor)
