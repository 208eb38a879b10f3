"""The list of a request: written during a call, or from paper; printed for a volunteer who has no phone."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.console.request_page import too_late
from quartier.expenses import wrong
from quartier.shopping import actions, queries, rules
from quartier.shopping.forms import ListFields, as_typed
from quartier.shopping.rules import READ_OUT
from quartier.team.models import Organisation
from quartier.visits.models import Assignment


class ListForm(ListFields):
    """What is to be bought, and how."""

    use_required_attribute = False

    def read_amount(self, text: str) -> int:
        return wrong.cents(text)


def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The list, to be changed. Who looks is written down."""
    actor = request.actor  # type: ignore[attr-defined]
    found = _with_list(request, request_id)
    form = ListForm(
        request.POST if request.method == "POST" else None, initial=as_typed(queries.to_change(found))
    )
    form.prepare_list(actor.organisation, _("I have read this out, and the answer is yes"))
    if found.kind not in rules.WITH_CHOICE:
        del form.fields["never"]
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(actor=actor, request=found, wishes=form.wishes(spoken=True))
            messages.success(request, _("The list is saved. The person who goes sees it."))
            if form.unkept:
                messages.warning(request, without_allergies())
        except NotPossible:
            messages.warning(request, too_late())
        return redirect("request_page", found.pk)
    context = {
        "asked": found,
        "case": found.case,
        "form": form,
        "sheets": _sheets(actor.organisation),
        "spoken": found.case.person.language,
        "read_out": read_out(found.case.person.language),
    }
    return render(request, "console/list.html", context, status=422 if form.errors else 200)


def read_out(language: str) -> str:
    """What is read out before allergies are written down, in the language of who listens."""
    with translation.override(language):
        return str(READ_OUT)


def without_allergies() -> str:
    """That allergies were not kept, and why."""
    return _("The allergies were not kept: they have not agreed to the sentence that is read out.")


def _sheets(organisation: Organisation) -> list[tuple[str, tuple[str, str]]]:
    """The empty sheet in each language of the organisation: code, name and address."""
    names, made = dict(settings.LANGUAGES), []
    for code in organisation.languages:
        with translation.override(code):
            made.append((code, (str(names.get(code, code)), reverse("paper_list"))))
    return made


def sheet(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The list of the visit that is agreed, on paper, in the language of who goes. With nobody yet: the list alone, in
    the language of who is helped, to be filled in."""
    from quartier.shopping import paper  # Only here: it reads the fonts.

    found = _with_list(request, request_id)
    visit = (
        Assignment.objects.select_related(
            "volunteer__person", "request__case__person", "request__organisation"
        )
        .filter(request=found, state__in=Assignment.ACTIVE)
        .order_by("accepted_at", "pk")
        .first()
    )
    shown = queries.of_request(found, visit) or queries.Shown()
    if visit is not None:
        made = paper.for_volunteer(visit, shown)
    else:
        address = request.build_absolute_uri(reverse("request_list", args=[found.pk]))
        person = found.case.person
        made = paper.to_fill_in(found.organisation, person.language, address, shown, person.name)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="list-{found.case.reference}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _with_list(request: HttpRequest, request_id: UUID) -> Request:
    found = request_for(request.actor, request_id)  # type: ignore[attr-defined]
    if found.kind not in rules.WITH_LIST:
        raise Http404
    return found
