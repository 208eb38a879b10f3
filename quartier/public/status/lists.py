"""The list of a household: changed on the private page, or on paper."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.cases.rules import NotPossible
from quartier.conversation.numbers import with_numbers
from quartier.expenses import wrong
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.people.access import looked
from quartier.public.ask.kinds import HINTS
from quartier.public.questions import Question
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.frame import private
from quartier.public.status.pages import (
    back,
    being_changed,
    details,
    form_page,
    heard_words,
    list_changed,
    request_of,
    request_to_change,
)
from quartier.shopping import actions, queries, rules
from quartier.shopping.forms import NAMES, ListFields, as_typed
from quartier.shopping.rules import AGREE, AGREE_FOR, Wishes
from quartier.team.queries import origin_of

# Written as a list is, and no shopping list: nobody chooses what else to bring, and the price is none of theirs.
PHARMACY_KIND = "pharmacy"
PHARMACY_FIELDS = frozenset({"lines", "shop"})


class Shopping(ListFields, Question):
    """What is to be bought, and how."""

    title = _("What is needed?")

    def prepare(self) -> None:
        self.prepare_list(self.organisation, AGREE_FOR if self.answers.get("for_other") else AGREE)
        self.fields["lines"].label = self.title
        if self.answers.get("kind") == PHARMACY_KIND:
            self.fields["lines"].help_text = HINTS[PHARMACY_KIND]
            self.fields["shop"].label = _("The pharmacy that you prefer")
            for name in NAMES:
                if name not in PHARMACY_FIELDS:
                    del self.fields[name]

    def wishes_beside(self, known: Wishes) -> Wishes:
        """What was written; what is not asked here stays as it was."""
        if self.answers.get("kind") != PHARMACY_KIND:
            return self.wishes()
        data = self.cleaned_data
        return replace(known, lines=data["lines"], shop=data["shop"], allergies=None, never=None)

    def read_amount(self, text: str) -> int:
        return wrong.cents(text)


@private
@answer_by_redirect
def show(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Another list; other words, for help without a list."""
    one = request_to_change(found, request_id)
    if one.kind not in rules.WITH_LIST:
        return details(request, token, found, one)
    known = queries.to_change(one)
    form = Shopping(
        sent_or_waiting(request),
        organisation=one.organisation,
        answers={"for_other": found.person_id != found.case.person_id, "kind": one.kind},
        initial=as_typed(known),
    )
    if request.method == "POST" and form.is_valid():
        heard = heard_words(found, form.cleaned_data["lines"], one.pk)
        try:
            if not heard.is_aside:
                one = being_changed(found, one)
                actions.write(actor=acting(found), request=one, wishes=form.wishes_beside(known))
        except NotPossible:
            return with_numbers(back(token, "over"), heard.signs)
        if heard.is_aside:
            return with_numbers(back(token, "tell"), heard.signs)
        done = back(token, "list_bare") if form.unkept else back(token, list_changed(one), one)
        return with_numbers(done, heard.signs)
    return form_page(request, token, found, form, one, "public/status/list.html")


@private
def sheet(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """The list on paper, to be filled in by hand; its code opens the page on which it can be written too."""
    from quartier.shopping import paper  # Only here: it reads the fonts.

    one = request_of(found, request_id)
    looked(acting(found), "list", one.pk)
    address = f"{origin_of(one.organisation)}{reverse('status_list', args=[token, one.pk])}"
    made = paper.to_fill_in(
        one.organisation, get_language() or "en", address, queries.of_request(one), found.case.person.name
    )
    return as_paper(made, f"list-{found.case.reference}.pdf")


def empty(request: HttpRequest) -> HttpResponse:
    """An empty sheet for whoever wants to give one to somebody; its code opens the form."""
    from quartier.shopping import paper  # Only here: it reads the fonts.

    here = request.organisation  # type: ignore[attr-defined]
    address = f"{origin_of(here)}{reverse('ask')}"
    return as_paper(paper.to_fill_in(here, get_language() or "en", address), "list.pdf")


def as_paper(made: bytes, name: str) -> HttpResponse:
    """A sheet, shown by the browser."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
