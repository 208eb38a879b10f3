"""What the running incidents ask beside the usual, on one page."""

from django.forms import ChoiceField, RadioSelect
from django.utils.translation import gettext_lazy as _

from quartier.incidents import rules as incidents
from quartier.incidents.shipped import TEMPLATES, Template
from quartier.public.questions import Answers, Question


def asking(answers: Answers) -> list[Template]:
    """The templates of which questions are asked, as it was when the kinds were ticked."""
    codes = answers.get("what", {}).get("asking", [])
    return [TEMPLATES[code] for code in codes if code in TEMPLATES]


class Situation(Question):
    """What the running incidents ask beside the usual; every question may be left open."""

    title = _("The situation")
    lead = _("So that the right help comes first. Leave out anything you do not know.")

    def prepare(self) -> None:
        for template in asking(self.answers):
            for asked in template.questions:
                field = self.fields[incidents.field_name(template, asked)] = ChoiceField(
                    label=str(asked.words),
                    choices=list(incidents.ANSWERS.items()),
                    widget=RadioSelect,
                    required=False,
                    error_messages={"invalid_choice": _("Choose one of the answers.")},
                )
                field.group = "cols"  # type: ignore[attr-defined]


def answered(answers: Answers) -> list[str]:
    """What was answered, a line each, to be read again by whoever did: "I don't know" is an answer too."""
    said = answers.get("situation", {})
    notes = (
        incidents.notes(asking(answers), said, for_neighbour=who, with_unknown=True) for who in (True, False)
    )
    return [line for each in notes for line in each.splitlines()]


def noted(answers: Answers, *, for_neighbour: bool) -> str:
    """What was said of the situation, a line each."""
    return incidents.notes(asking(answers), answers.get("situation", {}), for_neighbour=for_neighbour)
