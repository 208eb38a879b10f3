"""Values of a message made ready to read, in the language that is active."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from quartier.lib import choices, phone
from quartier.team.models import Organisation


def ready(organisation: Organisation, values: dict[str, Any], now: datetime) -> dict[str, str]:
    """The values as words. Known names: `kind` (code) gives {what}, `window` (from, until) {when}, `metres`
    {distance}, `by` (time) {by}, `page` (name of an address and its words) {link}; the rest stays as it is.
    """
    zone = organisation.zone
    said = {
        "organisation": organisation.name,
        "phone": phone.display(organisation.phone, organisation.country),
    }
    for name, value in values.items():
        match name:
            case "kind":
                said["what"] = str(choices.kind(value).name)
            case "window":
                start, end = (moment.astimezone(zone) for moment in value)
                said["when"] = f"{start:%d/%m %H:%M}-{end:%H:%M}"
            case "by":
                said["by"] = f"{value.astimezone(zone):%d/%m %H:%M}"
            case "metres":
                said["distance"] = f"{value} m"
            case "page":
                name, *words = value
                said["link"] = f"{settings.ORIGIN}{reverse(name, args=words)}"
            case _:
                said[name] = str(value)
    return said
