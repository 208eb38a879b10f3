"""The list of a household: changed on the private page, or on paper."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.cases.rules import NotPossible
from quartier.people.access import looked
from quartier.public.questions import Question, Words
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.frame import private
from quartier.public.status.pages import back, details, form_page, request_of
from quartier.shopping import actions, paper, queries, rules
from quartier.shopping.models import ShoppingList
from quartier.shopping.rules import Wishes

Substitutions = ShoppingList.Substitutions


class Shopping(Question):
    """What is to be bought, and how."""

    title = _("What is needed?")
    lines = Words(
        max_length=4000,
        lines=True,
        required=False,
        label=title,
        help_text=_(
            "One thing on each line: “2 loaves of grey bread”. The neighbour who goes reads it, and our team."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    shop = Words(max_length=200, required=False, label=_("The shop that you prefer"))
    substitutions = forms.ChoiceField(
        label=_("If a thing is not there"),
        choices=[
            (Substitutions.YES, _("Take something like it")),
            (Substitutions.ASK, _("Ask me first")),
            (Substitutions.NO, _("Leave it out")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    allergies = Words(
        max_length=500, lines=True, required=False, label=_("Allergies"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("We keep it for the next time. You may leave it empty."),
    )  # fmt: skip
    never = Words(
        max_length=500, lines=True, required=False, label=_("What is never to be bought"),
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("We keep it for the next time."),
    )  # fmt: skip

    def wishes(self) -> Wishes:
        """What was written."""
        return Wishes(**self.cleaned_data)


@private
def show(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Another list; other words, for help without a list."""
    one = request_of(found, request_id)
    if one.kind not in rules.WITH_LIST:
        return details(request, token, found, one)
    form = Shopping(
        request.POST if request.method == "POST" else None,
        organisation=one.organisation,
        answers={},
        initial=vars(queries.to_change(one)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(actor=acting(found), request=one, wishes=form.wishes())
        except NotPossible:
            return back(token, "over")
        return back(token, "list")
    return form_page(request, token, found, form, one, "public/status/list.html")


@private
def sheet(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """The list on paper, to be filled in by hand; its code opens the page on which it can be written too."""
    one = request_of(found, request_id)
    looked(acting(found), "list", one.pk)
    address = f"{settings.ORIGIN}{reverse('status_list', args=[token, one.pk])}"
    made = paper.to_fill_in(
        one.organisation, get_language() or "en", address, queries.of_request(one), found.case.person.name
    )
    return as_paper(made, f"list-{found.case.reference}.pdf")


def empty(request: HttpRequest) -> HttpResponse:
    """An empty sheet for whoever wants to give one to somebody; its code opens the form."""
    here = request.organisation  # type: ignore[attr-defined]
    address = f"{settings.ORIGIN}{reverse('ask')}"
    return as_paper(paper.to_fill_in(here, get_language() or "en", address), "list.pdf")


def as_paper(made: bytes, name: str) -> HttpResponse:
    """A sheet, shown by the browser."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
