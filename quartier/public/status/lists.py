"""The list of a household: changed on the private page, or on paper."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.cases.rules import NotPossible
from quartier.expenses import wrong
from quartier.people.access import looked
from quartier.public.questions import Question
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.frame import private
from quartier.public.status.pages import back, details, form_page, request_of
from quartier.shopping import actions, queries, rules
from quartier.shopping.forms import ListFields, as_typed
from quartier.shopping.rules import AGREE, AGREE_FOR


class Shopping(ListFields, Question):
    """What is to be bought, and how."""

    title = _("What is needed?")

    def prepare(self) -> None:
        self.prepare_list(self.organisation, AGREE_FOR if self.answers.get("for_other") else AGREE)
        self.fields["lines"].label = self.title

    def read_amount(self, text: str) -> int:
        return wrong.cents(text)


@private
def show(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Another list; other words, for help without a list."""
    one = request_of(found, request_id)
    if one.kind not in rules.WITH_LIST:
        return details(request, token, found, one)
    form = Shopping(
        request.POST if request.method == "POST" else None,
        organisation=one.organisation,
        answers={"for_other": found.person_id != found.case.person_id},
        initial=as_typed(queries.to_change(one)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.write(actor=acting(found), request=one, wishes=form.wishes())
        except NotPossible:
            return back(token, "over")
        return back(token, "list_bare" if form.unkept else "list")
    return form_page(request, token, found, form, one, "public/status/list.html")


@private
def sheet(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """The list on paper, to be filled in by hand; its code opens the page on which it can be written too."""
    from quartier.shopping import paper  # Only here: it reads the fonts.

    one = request_of(found, request_id)
    looked(acting(found), "list", one.pk)
    address = f"{settings.ORIGIN}{reverse('status_list', args=[token, one.pk])}"
    made = paper.to_fill_in(
        one.organisation, get_language() or "en", address, queries.of_request(one), found.case.person.name
    )
    return as_paper(made, f"list-{found.case.reference}.pdf")


def empty(request: HttpRequest) -> HttpResponse:
    """An empty sheet for whoever wants to give one to somebody; its code opens the form."""
    from quartier.shopping import paper  # Only here: it reads the fonts.

    here = request.organisation  # type: ignore[attr-defined]
    address = f"{settings.ORIGIN}{reverse('ask')}"
    return as_paper(paper.to_fill_in(here, get_language() or "en", address), "list.pdf")


def as_paper(made: bytes, name: str) -> HttpResponse:
    """A sheet, shown by the browser."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
