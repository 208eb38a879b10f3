"""What comes before the phone line or regular calls are open to me: a yes of the team, then a training."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from quartier.appeals import queries
from quartier.appeals.models import Appeal, RoleWish
from quartier.appeals.rules import ROLE_NAMES
from quartier.volunteer.access import me


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Each role that I would like, and where it stands."""
    _actor, volunteer = me(request)
    rows = [
        {
            "name": ROLE_NAMES[Appeal.Role(wish.role)],
            "is_operator": wish.role == Appeal.Role.OPERATOR,
            "said_yes": wish.state == RoleWish.State.ACCEPTED,
            "open": is_open,
        }
        for wish, is_open in queries.wishes_of(volunteer)
    ]
    return render(request, "volunteer/training.html", {"rows": rows})
