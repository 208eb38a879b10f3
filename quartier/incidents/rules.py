"""Which kinds of help are offered, what is asked beside, and to which incident a request belongs. Pure."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from quartier.incidents.models import Incident
from quartier.incidents.shipped import EVERYDAY, Asked, Template
from quartier.lib import choices
from quartier.lib.choices import Kind

ANSWERS = {
    "yes": pgettext_lazy("answer to a question", "Yes"),
    "no": pgettext_lazy("answer to a question", "No"),
    "unknown": pgettext_lazy("answer to a question", "I don’t know"),
}


def offered(running: Sequence[Incident]) -> list[Kind]:
    """The kinds of help that forms offer: those of what runs, the newest first, "something else" at the end; every
    day's when nothing runs."""
    codes: dict[str, None] = {}
    for incident in running:
        codes |= dict.fromkeys(incident.kinds)
    kinds = [kind for kind in map(choices.KINDS_BY_CODE.get, codes or EVERYDAY.kinds) if kind]
    return sorted(kinds, key=lambda kind: kind.code == "other")


def incident_of(running: Sequence[Incident], kind: str) -> Incident | None:
    """Where a request of this kind is counted: the newest of those that offer it, else the newest."""
    offering = [incident for incident in running if kind in incident.kinds]
    return next(iter(offering or running), None)


def asking(running: Sequence[Incident], kinds: Iterable[str]) -> list[Template]:
    """The templates whose questions are asked of somebody who needs these kinds of help, each once."""
    wanted = set(kinds)
    found = {
        incident.template: incident.shipped
        for incident in running
        if incident.shipped.questions and wanted & set(incident.kinds)
    }
    return list(found.values())


def field_name(template: Template, asked: Asked) -> str:
    """The name of a question in a form: `flood_water`."""
    return f"{template.code}_{asked.code}"


def notes(
    templates: Iterable[Template], answers: dict[str, str], *, for_neighbour: bool, with_unknown: bool = False
) -> str:
    """What was answered, a line each, in the reader's language: "Water in the house: yes". '' for nothing.

    `answers`: by `field_name`, values of `ANSWERS`. What was not answered says nothing, as does "I don't
    know" but for whoever reads their own answers again (`with_unknown`).
    """
    saying = {"yes", "no", "unknown"} if with_unknown else {"yes", "no"}
    lines = [
        _("%(note)s: %(answer)s") % {"note": asked.note, "answer": _inside(str(ANSWERS[answer]))}
        for template in templates
        for asked in template.questions
        if asked.for_neighbour == for_neighbour
        and (answer := answers.get(field_name(template, asked), "")) in saying
    ]
    return "\n".join(lines)


def _inside(answer: str) -> str:
    """An answer inside a sentence: small, but for the English "I"."""
    return answer if answer.startswith("I ") else answer.lower()
