"""A household's file, and making one of two."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.cases import actions as cases
from quartier.cases.access import case_for
from quartier.cases.models import Case, Request
from quartier.cases.rules import NotPossible
from quartier.console import words
from quartier.console.checks import people as checks
from quartier.console.queries import case as read
from quartier.console.queries.danger import open_danger_of_case
from quartier.console.queries.unread_words import unread_words_of
from quartier.console.request_page import COORDINATES
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.lately import known_lately
from quartier.team.queries import origin_of
from quartier.visits import actions as visits

MOST = 4000


def show(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The file; one that was merged away leads to the one that was kept."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    if case.merged_into_id:
        messages.success(
            request, _("Case %(reference)s is part of this one now.") % {"reference": case.reference}
        )
        return redirect("case_page", case.merged_into_id)
    return _page(request, case)


def _page(
    request: HttpRequest, case: Case, link: str = "", note: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = read.file(case)
    told = case.asked_by if case.tell_asker else case.person
    context = {
        "case": case,
        "file": found,
        "closures": {code: str(name) for code, name in words.CLOSURES.items()},
        "requests": [
            (each, words.CLOSURES[Request.Closure(each.request.closure)] if each.request.closure else "")
            for each in found.requests
        ],
        "coordinates": actor.has(*COORDINATES),
        "link": link,
        "note": note,
        "wrong": wrong,
        "told": told,
        "told_by": messaging.told_by(told),
        "lately": known_lately(case.person),
        "danger": open_danger_of_case(actor, case),
        "unread_words": unread_words_of(actor, case),
        **checks.of_file(case),
    }
    response = render(request, "console/case.html", context, status=status)
    if link:
        response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A note, or the private link."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    if case.merged_into_id:
        return redirect("case_page", case.merged_into_id)
    match request.POST.get("do"):
        case "note":
            return _note(request, case)
        case "show_link":
            person = case.asked_by if request.POST.get("whose") == "asker" else case.person
            token = cases.issue_link(case=case, person=person)
            with translation.override(person.language):
                address = f"{origin_of(case.organisation)}{reverse('status', args=[token])}"
            return _page(request, case, link=address)
        case "send_link":
            return _send(request, case)
        case "revoke":
            cases.revoke_links(actor=actor, case=case)
            messages.success(
                request, _("No link to this case works any longer. The next message will bring a new one.")
            )
            return redirect("case_page", case.pk)
    raise Http404


def _note(request: HttpRequest, case: Case) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    text = clean(request.POST.get("words", ""), MOST * 5)
    if not text:
        return _page(request, case, wrong=_("Write the note first."), status=422)
    if len(text) > MOST:
        wrong = _("This is too long: %(count)s characters, at most %(limit)s.") % {
            "count": len(text),
            "limit": MOST,
        }
        return _page(request, case, note=text, wrong=wrong, status=422)
    cases.write_note(actor=actor, case=case, words=text)
    messages.success(request, _("The note is saved in the case."))
    return redirect("case_page", case.pk)


def _send(request: HttpRequest, case: Case) -> HttpResponse:
    """The message of the beginning once more, with the link in it; sent once a minute at most."""
    person = case.asked_by
    open_ = case.requests.exclude(state=Request.State.CLOSED).order_by("promised_at", "pk").first()
    if open_ is None:
        messages.warning(request, _("Nothing is open in this case, so there is nothing to follow."))
        return redirect("case_page", case.pk)
    token = cases.issue_link(case=case, person=person)
    is_told = cases.whom_to_tell(case) == person
    template = "received_read" if open_.state == Request.State.HUMAN else "received"
    written = messaging.write(
        organisation=case.organisation,
        letter=Letter(
            person,
            template if is_told else "received_for",
            f"link:{case.pk}:{clock.now():%Y%m%d%H%M}",
            {
                "kind": open_.kind,
                "reference": case.reference,
                "page": ("status", token),
                **cases.for_whom(case, person),
            },
            promise=cases.promised_or_news(open_, person) if is_told else None,
        ),
    )
    if written is None:
        messages.warning(request, _("%(name)s can only be reached by phone.") % {"name": person.name})
    else:
        messages.success(request, _("The link is being sent again."))
    return redirect("case_page", case.pk)


def died(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person has died: everything that was planned stops at once. Or that was a mistake."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    if request.POST.get("do") == "undo":
        people.undo_death(actor=actor, person=case.person)
        messages.success(request, _("Saved. Anything that was stopped must be asked for again."))
    else:
        visits.person_died(actor=actor, case=case)
        messages.success(request, _("Everything is stopped, and anyone who was going to come is told."))
    return redirect("case_page", case.pk)


def _side(keep: Case, other: Case) -> dict[str, object]:
    """A file as it is compared, and who hears how it goes where it is the one that is kept."""
    return read.side(keep) | {"hears": cases.who_hears(keep, other).value}


def merge(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Both files side by side; then one of them is kept, with everything of both."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    try:
        other = case_for(actor, UUID(request.POST.get("with") or request.GET.get("with", "")))
    except ValueError as error:
        raise Http404 from error
    if request.method == "POST":
        keep, away = (other, case) if request.POST.get("keep") == str(other.pk) else (case, other)
        try:
            spoken = str(keep.pk) in request.POST.getlist("spoken")
            kept = cases.merge_cases(actor=actor, keep=keep, other=away, is_spoken_with=spoken)
        except cases.NotConfirmed:
            messages.warning(
                request,
                _(
                    "Nothing was merged. Call them first: no one knows yet whether this number or address is theirs. "
                    "Then tick that you have spoken to them."
                ),
            )
            return redirect(f"{request.path}?with={other.pk}")
        except NotPossible:
            messages.warning(
                request,
                _(
                    "These two cannot be merged: one of them was merged already. Here is how things stand "
                    "now."
                ),
            )
            return redirect("case_page", case.pk)
        messages.success(request, _("They are one case now, with everything from both."))
        return redirect("case_page", kept.pk)
    if case.pk == other.pk:
        raise Http404
    return render(
        request,
        "console/merge.html",
        {"case": case, "other": other, "sides": [_side(case, other), _side(other, case)]},
    )
