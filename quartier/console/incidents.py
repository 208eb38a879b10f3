"""Incidents: what is going on. The head opens one from a template, changes it, ends it; coordinators see it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quartier.cases.models import Request
from quartier.console import posters
from quartier.console.intake.boxes import LineField
from quartier.console.queries.volunteers import by_kind
from quartier.incidents import actions, queries
from quartier.incidents.access import incident_for
from quartier.incidents.actions import Opening
from quartier.incidents.models import Incident
from quartier.incidents.shipped import TEMPLATES, Template
from quartier.lib import choices, clock
from quartier.team.access import Actor
from quartier.team.models import Organisation

ENDED_SHOWN = 20


class IncidentForm(forms.Form):
    """Name and sentence in each language of the organisation, and the kinds of help. Empty words are the template's.

    `key`: the id of the incident that is opened, so that pressing twice opens one; `proposal`: of the alert that
    proposed it.
    """

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    proposal = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which kinds of help are offered?"),
        help_text=gettext_lazy("On the website, on the phone and to volunteers, in this order."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one kind of help.")},
    )

    def __init__(self, *given: Any, organisation: Organisation, template: Template, **named: Any) -> None:
        super().__init__(*given, **named)
        self.template = template
        first = [*(self.initial.get("kinds") or []), *template.kinds]
        codes = dict.fromkeys([*first, *(kind.code for kind in choices.KINDS)])
        kinds = [choices.kind(code) for code in codes]
        field = self.fields["kinds"]
        field.choices = [(kind.code, kind.name) for kind in kinds]  # type: ignore[attr-defined]
        field.icons = {kind.code: kind.icon for kind in kinds}  # type: ignore[attr-defined]
        self.spoken = [code for code, _name in settings.LANGUAGES if code in organisation.languages]
        names = dict(settings.LANGUAGES)
        for code in self.spoken:
            with translation.override(code):
                usual = {"name": str(template.name), "sentence": str(template.sentence)}
            self.fields[f"name_{code}"] = LineField(label=names[code], limit=60, initial=usual["name"])
            self.fields[f"sentence_{code}"] = LineField(
                label=names[code],
                limit=160,
                initial=usual["sentence"],
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )

    def boxes(self, what: str) -> list[forms.BoundField]:
        """The boxes for `name` or `sentence`, one a language."""
        return [self[f"{what}_{code}"] for code in self.spoken]

    def opening(self) -> Opening:
        """What a valid form says. Words that are the template's are not kept: they follow it."""

        def own(what: str) -> dict[str, str]:
            said = {code: self.cleaned_data[f"{what}_{code}"] for code in self.spoken}
            boxes = {code: self.fields[f"{what}_{code}"] for code in self.spoken}
            usual = {code: box.to_python(box.initial) for code, box in boxes.items()}
            return {code: words for code, words in said.items() if words and words != usual[code]}

        return Opening(self.template.code, self.cleaned_data["kinds"], own("name"), own("sentence"))


def show(request: HttpRequest) -> HttpResponse:
    """What runs, what can be opened, what was."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = Incident.objects.filter(organisation=actor.organisation).select_related("opened_by")
    ended = mine.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")[:ENDED_SHOWN]
    counted = Count("requests"), Count("requests", Q(requests__closure=Request.Closure.FULFILLED))
    context = {
        "alerted": queries.proposed(actor.organisation, clock.now()),
        "running": mine.filter(ended_at=None)
        .annotate(asked=counted[0], helped=counted[1])
        .order_by("-opened_at", "-pk"),
        "ended": ended.annotate(asked=counted[0], helped=counted[1]),
        "offered": queries.offered(actor.organisation),
        "templates": TEMPLATES.values(),
    }
    return render(request, "console/incidents.html", context)


def new(request: HttpRequest, code: str) -> HttpResponse:
    """What a template brings; sent, it is opened."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    template = TEMPLATES.get(code)
    if template is None:
        raise Http404
    if request.method == "POST":
        form = IncidentForm(request.POST, organisation=actor.organisation, template=template)
        if form.is_valid():
            said = form.cleaned_data
            incident = actions.open_incident(
                actor=actor,
                incident_id=said["key"] or uuid4(),
                opening=form.opening(),
                proposal_id=said["proposal"],
            )
            messages.success(
                request, _("It is open: the website, the form for calls and volunteers follow it now.")
            )
            return redirect("incident", incident.pk)
    else:
        initial = {
            "key": uuid4(),
            "kinds": list(template.kinds),
            "proposal": request.GET.get("proposal", "")[:40],
        }
        form = IncidentForm(initial=initial, organisation=actor.organisation, template=template)
    return _page(request, form, template, None)


def one(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One incident; sent, it is changed while it runs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    incident = incident_for(actor, incident_id)
    given: dict[str, Any] = {"organisation": actor.organisation, "template": incident.shipped}
    if request.method == "POST":
        form = IncidentForm(request.POST, **given)
        if form.is_valid():
            changed = actions.change_incident(actor=actor, incident=incident, opening=form.opening())
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return redirect("incident", incident.pk)
    else:
        words = {f"name_{code}": text for code, text in incident.names.items()}
        words |= {f"sentence_{code}": text for code, text in incident.sentences.items()}
        form = IncidentForm(initial={"kinds": incident.kinds, **words}, **given)
    return _page(request, form, incident.shipped, incident)


def _page(
    request: HttpRequest, form: IncidentForm, template: Template, incident: Incident | None
) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    announced = []
    for code in form.spoken:
        with translation.override(code):
            said = str(template.announce), str(template.asks), str(template.check_in)
            announced.append((code, names[code], *said))
    context = {
        "form": form,
        "helping": _helping(request),
        "names": form.boxes("name"),
        "sentences": form.boxes("sentence"),
        "template": template,
        "incident": incident,
        "texts": announced,
        "papers": posters.offered(request.actor.organisation, incident),  # type: ignore[attr-defined]
        "may_change": request.actor.has("admin") and (incident is None or incident.ended_at is None),  # type: ignore[attr-defined]
    }
    return render(request, "console/incident.html", context, status=422 if form.errors else 200)


def _helping(request: HttpRequest) -> dict[str, str]:
    """Beside each kind, how many volunteers do it: a kind that nobody has ticked helps nobody."""
    return {
        code: ngettext("%(count)s volunteer", "%(count)s volunteers", count) % {"count": count}
        if count
        else _("no volunteer yet")
        for code, count in by_kind(request.actor.organisation).items()  # type: ignore[attr-defined]
    }


def end(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """What happens when it ends; sent, it has ended."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    incident = incident_for(actor, incident_id)
    if request.method == "POST":
        ended = actions.end_incident(actor=actor, incident=incident)
        said = _("It has ended. Thank everyone who was there.") if ended else _("It had ended already.")
        messages.success(request, said)
        return redirect("incidents")
    if incident.ended_at is not None:
        return redirect("incident", incident.pk)
    waiting = incident.requests.exclude(state=Request.State.CLOSED).count()
    return render(request, "console/incident_end.html", {"incident": incident, "waiting": waiting})
