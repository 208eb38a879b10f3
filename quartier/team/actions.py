"""What changes organisations."""

from django.db import transaction

from quartier.lib import clock
from quartier.team.models import Organisation


@transaction.atomic
def found_organisation(
    *, name: str, languages: list[str], country: str = "BE", phone: str = "", host: str = ""
) -> Organisation:
    """A new organisation. `languages`: codes, the first one is its own; `phone` in E.164 or ''; `host`: the name
    under which its pages are reached, '' for the first organisation of an installation."""
    return Organisation.objects.create(
        name=name, languages=languages, country=country, phone=phone, host=host, created_at=clock.now()
    )
