"""The list of a request: written during a call, or from paper; printed for a volunteer who has no phone."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.console.intake.form import Line
from quartier.console.request_page import too_late
from quartier.shopping import actions, paper, queries, rules
from quartier.shopping.models import ShoppingList
from quartier.shopping.rules import Wishes
from quartier.team.models import Organisation
from quartier.visits.models import Assignment


class ListForm(forms.Form):
    """What is to be bought, and how."""

    use_required_attribute = False
    lines = Line(
        label=gettext_lazy("The list, one thing on each line"),
        limit=4000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    shop = Line(label=gettext_lazy("Which shop?"))
    substitutions = forms.ChoiceField(
        label=gettext_lazy("If a thing is not there?"),
        choices=[
            (ShoppingList.Substitutions.YES, gettext_lazy("take something like it")),
            (ShoppingList.Substitutions.ASK, gettext_lazy("ask first")),
            (ShoppingList.Substitutions.NO, gettext_lazy("leave it out")),
        ],
    )
    allergies = Line(
        label=gettext_lazy("Allergies"),
        limit=500,
        help_text=gettext_lazy("Kept in the file for the next time."),
    )
    never = Line(
        label=gettext_lazy("What is never to be bought"),
        limit=500,
        help_text=gettext_lazy("Kept in the file for the next time."),
    )


def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The list, to be changed. Who looks is written down."""
    actor = request.actor  # type: ignore[attr-defined]
    found = _with_list(request, request_id)
    form = ListForm(
        request.POST if request.method == "POST" else None, initial=vars(queries.to_change(found))
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(actor=actor, request=found, wishes=Wishes(**form.cleaned_data))
            messages.success(request, _("The list is noted. Whoever goes sees it."))
        except NotPossible:
            messages.warning(request, too_late())
        return redirect("request_page", found.pk)
    context = {"asked": found, "case": found.case, "form": form, "sheets": _sheets(actor.organisation)}
    return render(request, "console/list.html", context, status=422 if form.errors else 200)


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
    found = _with_list(request, request_id)
    visit = (
        Assignment.objects.select_related(
            "volunteer__person", "request__case__person", "request__organisation"
        )
        .filter(request=found, state__in=Assignment.ACTIVE)
        .order_by("accepted_at")
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
