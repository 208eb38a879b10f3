"""Is this volunteer yours? Answered to the right code word alone: yes and until when, never with a name or place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.places.rules import fold
from quartier.public import entrance
from quartier.public.concern.pages import numbers, private
from quartier.public.questions import Question, Words
from quartier.team.models import Organisation
from quartier.visits.queries import ours
from quartier.visits.rules import STAYS_LATE


class Ours(Question):
    """The word that was said, and one thing more."""

    title = _("Is this volunteer one of ours?")
    word = Words(
        max_length=40,
        label=_("Which word did they say?"),
        help_text=_("The code word, as they say it at the door."),
        error_messages={"required": _("Write the word that they said. If they know none, do not open.")},
    )
    beside = Words(
        max_length=80,
        label=_("Their first name, or the postcode where they are"),
        error_messages={"required": _("Write the first name that they gave, or the postcode.")},
    )


def show(request: HttpRequest) -> HttpResponse:
    """The question and its answer. Whoever is wrong learns nothing, and has few tries."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = Ours(request.POST if request.method == "POST" else None, organisation=organisation, answers={})
    answer = {}
    if request.method == "POST" and form.is_valid():
        word, beside = form.cleaned_data["word"], form.cleaned_data["beside"]
        # Without the proof of work a machine could ask as fast as it likes: then fewer tries, never none.
        limit = "ours" if entrance.is_proven(request, "ours") else "ours_plain"
        both = entrance.may(request, limit) and entrance.may(
            request, "ours_place", f"{organisation.pk} {fold(beside)}"
        )
        if not both:
            return entrance.refuse(request, reverse("ours"), kept=False)
        visit = ours(organisation, word=word, beside=beside, now=clock.now())
        audit.record(
            organisation_id=organisation.pk,
            verb="visit.asked_if_ours",
            subject_kind="organisation",
            subject_id=organisation.pk,
            details={"yes": visit is not None},
        )
        answer = {"asked": True, "until": visit.comes_until + STAYS_LATE if visit else None}
    context = {"form": form, "challenge": entrance.challenge("ours"), **answer, **numbers(organisation)}
    return private(render(request, "public/ours.html", context))
