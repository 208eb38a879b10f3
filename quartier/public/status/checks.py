"""On the private page: agreeing to be called in a heatwave, a blackout or a lockdown; or no more."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import StatusLink
from quartier.followup import actions
from quartier.followup.actions import Agreed
from quartier.followup.models import Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import choices, clock
from quartier.public.status.frame import actor_of, private


class CheckForm(forms.Form):
    """For what, and what whoever calls should know."""

    use_required_attribute = False

    occasions = forms.MultipleChoiceField(
        label=_("When may we call you to ask whether you are well?"),
        choices=[(each.code, each.name) for each in OCCASIONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )
    notes = forms.CharField(
        label=_("What should whoever calls or knocks know?"),
        help_text=_("The lift, oxygen, a dog… Our team reads it, and a neighbour who knocks."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


@private
def show(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """The holder decides for herself alone: who asked for somebody else cannot agree for her."""
    if found.person_id != found.case.person_id:
        raise Http404
    row = Member.objects.filter(
        organisation=found.organisation_id, person=found.person_id, left_at=None
    ).first()
    actor, form = actor_of(found), CheckForm(initial=_kept(row))
    if request.method == "POST":
        if request.POST.get("do") == "leave":
            if row is not None:
                actions.leave(actor=actor, member=row)
            return redirect(request.path)
        form = CheckForm(request.POST)
        if form.is_valid():
            today = clock.now().astimezone(found.case.organisation.zone).date()
            given = form.cleaned_data
            agreed = Agreed(tuple(given["occasions"]), Member.Consent.FORM, today, given["notes"])
            actions.agree(actor=actor, person=found.person, agreed=agreed, case=found.case)
            return redirect(request.path)
    context = {"form": form, "member": row, "back": reverse("status", args=[token])}
    return render(request, "public/status/checks.html", context)


def _kept(row: Member | None) -> dict[str, object]:
    if row is None:
        return {}
    codes = [each.code for each in choices.chosen(OCCASIONS, row.occasions)]
    return {"occasions": codes, "notes": row.notes}
