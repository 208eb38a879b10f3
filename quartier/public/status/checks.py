"""On the private page: agreeing to be called in a heatwave, a blackout or a lockdown; or no more."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.conversation.danger import Sign
from quartier.conversation.numbers import with_numbers
from quartier.followup import actions
from quartier.followup.actions import Agreed
from quartier.followup.models import Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import choices, clock
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.public.status.frame import actor_of, of_person, private
from quartier.public.status.pages import heard_words

# Somebody who has just arrived is put on the list by the team: nobody arrives a second time.
NOT_OFFERED = frozenset({"arrival"})


class CheckForm(forms.Form):
    """For what, and what whoever calls should know."""

    use_required_attribute = False

    occasions = forms.MultipleChoiceField(
        label=_("When may we call to ask whether you are OK?"),
        choices=[(each.code, each.name) for each in OCCASIONS if each.code not in NOT_OFFERED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )
    notes = forms.CharField(
        label=_("What should we know before we call or knock?"),
        help_text=_(
            "The lift, oxygen, a dog… Our team reads it, and so does any neighbour who comes to your door."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


@private
@of_person
@answer_by_redirect
def show(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """The holder decides for herself alone: who asked for somebody else cannot agree for her."""
    if found.person_id != found.case.person_id:
        raise Http404
    row = Member.objects.filter(
        organisation=found.organisation_id, person=found.person_id, left_at=None
    ).first()
    actor, form = actor_of(found), CheckForm(sent_or_waiting(request), initial=_kept(row))
    if request.method == "POST":
        if request.POST.get("do") == "leave":
            if row is not None:
                actions.leave(actor=actor, member=row)
            return redirect(request.path)
        if form.is_valid():
            today = clock.now().astimezone(found.case.organisation.zone).date()
            given = form.cleaned_data
            kept = [each for each in _kept(row).get("occasions", []) if each in NOT_OFFERED]
            notes, signs = _heard(found, given["notes"], row)
            agreed = Agreed((*given["occasions"], *kept), Member.Consent.FORM, today, notes)
            actions.agree(actor=actor, person=found.person, agreed=agreed, case=found.case)
            return with_numbers(redirect(request.path), signs)
    context = {"form": form, "member": row, "back": reverse("status", args=[token])}
    return render(request, "public/status/checks.html", context)


def _heard(found: StatusLink, notes: str, row: Member | None) -> tuple[str, Collection[Sign]]:
    """What is kept of the notes, and their signs of danger; as they were before they are nothing new."""
    if row is not None and notes == row.notes:
        return notes, ()
    heard = heard_words(found, notes, is_read=True)
    return heard.to_keep, heard.signs


def _kept(row: Member | None) -> dict[str, Any]:
    if row is None:
        return {}
    codes = [each.code for each in choices.chosen(OCCASIONS, row.occasions)]
    return {"occasions": codes, "notes": row.notes}
