"""Is this volunteer yours? Answered to the right code word alone: yes and until when, never with a name or place."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.audit import actions as audit
from quartier.lib import clock, kept
from quartier.lib.ids import spoken
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.places.rules import fold
from quartier.public import entrance
from quartier.public.concern.pages import numbers, private
from quartier.public.questions import Question, Words
from quartier.team.models import Organisation
from quartier.visits.queries import ours
from quartier.visits.rules import STAYS_LATE

# The answer stands in the session for the page that shows it, without the word that was asked about.
ANSWER_KEY = "ours_answer"
ANSWER_PARAMETER = "answer"


class Ours(Question):
    """The word that was said, and one thing more."""

    title = _("Is this person one of our volunteers?")
    word = Words(
        max_length=40,
        label=_("Which word did they say?"),
        help_text=_("The code word, as they say it at the door."),
        error_messages={
            "required": _("Enter the word they said. If they do not know one, do not open the door.")
        },
    )
    beside = Words(
        max_length=80,
        label=_("Their first name, or the postcode where they are"),
        error_messages={"required": _("Enter the first name they gave, or the postcode.")},
    )


@answer_by_redirect
def show(request: HttpRequest) -> HttpResponse:
    """The question and its answer. Whoever is wrong learns nothing, and has few tries."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = Ours(sent_or_waiting(request), organisation=organisation, answers={})
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
        until = (visit.comes_until + STAYS_LATE).isoformat() if visit else ""
        said = QueryDict(mutable=True)
        # The address shows the answer to its own question alone, not that of another tab, or of another word.
        said["until"], said["which"] = until, spoken()
        kept.keep(request.session, request.path, said, clock.now(), key=ANSWER_KEY)
        return private(HttpResponseRedirect(f"{request.path}?{ANSWER_PARAMETER}={said['which']}"))
    context = {
        "form": form,
        "challenge": entrance.challenge("ours"),
        **_answer(request),
        **numbers(organisation),
    }
    return private(render(request, "public/ours.html", context))


def _answer(request: HttpRequest) -> dict[str, object]:
    """What was answered a moment ago; nothing where the question is still to be put, or the answer is old."""
    if ANSWER_PARAMETER not in request.GET:
        return {}
    found = kept.read(request.session, clock.now(), key=ANSWER_KEY)
    answer = dict(found[1]) if found else {}
    if answer.get("which") != request.GET[ANSWER_PARAMETER]:
        return {}
    until = datetime.fromisoformat(answer["until"]) if answer["until"] else None
    # A page that comes back says no yes for a visit that is over.
    return {} if until is not None and until < clock.now() else {"asked": True, "until": until}
