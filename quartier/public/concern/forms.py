"""What somebody who is worried can send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.concerns.actions import Raised
from quartier.concerns.models import Concern
from quartier.conversation import danger
from quartier.public.questions import Question, Words

About = Concern.About


class Worry(Question):
    """Whom it is about, whether somebody is in danger now, and what happened."""

    title = _("What are you worried about?")
    about = forms.ChoiceField(
        label=_("Who is it about?"),
        choices=[
            (About.VOLUNTEER, _("A neighbour who helps")),
            (About.TEAM, _("Someone from our team")),
            (About.HELPED, _("Someone who is being helped")),
            (About.PARTNER, _("Another service")),
            (About.UNKNOWN, _("I do not know")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who it is about, or “I do not know”.")},
    )
    named = Words(
        max_length=120,
        required=False,
        label=_("Do you know the name?"),
        help_text=_("The person it is about will never see what you write, even if they lead the team."),
    )
    words = Words(
        max_length=4000,
        lines=True,
        label=_("What happened?"),
        help_text=_("In your own words. You need not prove anything."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words, so that we know what to look at.")},
    )
    danger = forms.BooleanField(required=False, label=_("Someone is in danger now"))
    contact = Words(
        max_length=200,
        required=False,
        label=_("How can we reach you?"),
        help_text=_("A phone number or an email address, if you like. You can also stay anonymous."),
    )

    def said(self, **more: Any) -> Raised:
        """The concern as it was raised; `more`: what is known of who raises it."""
        given = self.cleaned_data
        return Raised(
            **{
                "about": given["about"],
                "words": given["words"],
                "named": given.get("named", ""),
                "danger": given["danger"] or bool(danger.signs(given["words"])),
                "contact": given.get("contact", ""),
                **more,
            }
        )


class Wrong(Worry):
    """The same for who is helped, on her own page: who was sent to her stands there by first name."""

    title = _("What is wrong?")
    field_order = ("about", "words", "danger")

    def __init__(self, *given: Any, helpers: list[tuple[str, str]], **named: Any) -> None:
        self.helpers = helpers
        super().__init__(*given, **named)

    def prepare(self) -> None:
        del self.fields["named"], self.fields["contact"]
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            *self.helpers,
            (About.TEAM, _("Someone I spoke to on the phone")),
            (About.UNKNOWN, pgettext_lazy("whom a concern is about", "Someone else, or I do not know")),
        ]
        self.fields["words"].help_text = _(
            "A few words are enough. The person it is about will never see them."
        )


class Closing(Question):
    """What was done, and what whoever raised it may be told."""

    title = _("What was done")
    words = Words(
        max_length=2000,
        lines=True,
        label=_("What was done"),
        help_text=_("It stays with this concern. The person it is about will never read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what was done.")},
    )
    outcome = Words(
        max_length=2000,
        lines=True,
        label=_("What we tell the person who raised it"),
        help_text=_("As much as we can tell them. They read it on their page."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a few words for the person who raised it.")},
    )

    def reaches(self, concern: Concern) -> None:
        """Say how what is written here reaches whoever raised this concern."""
        if not concern.has_page:
            self.fields["outcome"].help_text = (
                _("They have no page with us: call them and tell them this.")
                if concern.contact
                else _("They left no way to reach them. If they call again, tell them this.")
            )
