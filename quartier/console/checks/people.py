"""Who agreed to be called: the list, somebody new, a table from elsewhere, and the box on the page of a file."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.cases.access import case_for
from quartier.cases.models import Case
from quartier.followup import access, actions, queries
from quartier.followup.actions import Agreed
from quartier.followup.actions.importing import MOST_BYTES, NotATable
from quartier.followup.models import Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import choices, clock, phone
from quartier.lib.text import clean, one_line
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.places.queries import Found, search
from quartier.team.access import Actor

Consent = Member.Consent
CONSENTS = [
    (Consent.CALL.value, pgettext_lazy("how somebody agreed", "on the phone")),
    (Consent.PAPER.value, pgettext_lazy("how somebody agreed", "on paper")),
    (Consent.DOOR.value, pgettext_lazy("how somebody agreed", "at the door")),
]
HOW = {**dict(CONSENTS), Consent.FORM.value: pgettext_lazy("how somebody agreed", "on their own page")}
WRONG = {
    "name": gettext_lazy("the name is missing"),
    "phone": gettext_lazy("the phone number cannot be read"),
    "own_line": gettext_lazy("this is the number of our own line: no one could be reached there"),
    "company": gettext_lazy("this is a number that companies use, such as 0800 or 0900"),
    "email": gettext_lazy("the email address is not complete"),
    "reach": gettext_lazy("neither a phone number nor an email address"),
    "postcode": gettext_lazy("the postcode is missing or not known"),
    "occasions": gettext_lazy("what for: heatwave, blackout, lockdown, flood, arrival"),
    "consent": gettext_lazy("how they agreed is missing: phone, paper, door"),
    "date": gettext_lazy("the day on which they agreed is missing or in the future"),
}
EACH_PAGE = 50


class AgreedForm(forms.Form):
    """For what, how they agreed, what to know."""

    use_required_attribute = False

    occasions = forms.MultipleChoiceField(
        label=gettext_lazy("What for?"),
        choices=[(each.code, each.name) for each in OCCASIONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("How did they agree?"),
        choices=CONSENTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("No one is called without having agreed: say how.")},
    )
    notes = forms.CharField(
        label=gettext_lazy("What we should know before we call or knock"),
        help_text=gettext_lazy("The lift, oxygen, a dog…"),
        required=False,
        max_length=1000,
    )

    def agreed(self, organisation: Any, found: Found | None = None, address: str = "") -> Agreed:
        """What a valid form says, of today."""
        given = self.cleaned_data
        today = clock.now().astimezone(organisation.zone).date()
        place = (found.place.postcode, found.place.name, found.cell) if found else ("", "", None)
        return Agreed(
            tuple(given["occasions"]),
            given["consent"],
            today,
            one_line(given["notes"], 1000),
            address,
            *place,
        )


class MemberForm(AgreedForm):
    """Somebody who has no file."""

    field_order = ["name", "number", "language", "postcode", "street", "occasions", "consent", "notes"]

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Phone number"),
        error_messages={"required": gettext_lazy("Enter the number.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=12,
        error_messages={"required": gettext_lazy("Enter the postcode.")},
    )
    street = forms.CharField(label=gettext_lazy("Street and number"), required=False, max_length=200)

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        names = {each.code: each.name for each in choices.LANGUAGES}
        self.fields["language"].choices = [(code, names[code]) for code in organisation.languages]  # type: ignore[attr-defined]
        self.found: Found | None = None

    def clean_number(self) -> str:
        try:
            number = phone.parse(one_line(self.cleaned_data["number"], 60), self.organisation.country)
        except ValueError as error:
            raise forms.ValidationError(_("We cannot read this number. Is a digit missing?")) from error
        if why := phone.why_not_own(number, self.organisation.phone, phone.Reader.FOR_ANOTHER):
            raise forms.ValidationError(why)
        return number

    def clean_postcode(self) -> str:
        text = one_line(self.cleaned_data["postcode"], 12)
        found = search(text, self.organisation.country, get_language() or "en")
        self.found = next((each for each in found if each.place.postcode.lower() == text.lower()), None)
        if self.found is None:
            raise forms.ValidationError(_("We do not know this postcode."))
        return text

    def who(self) -> Who:
        given = self.cleaned_data
        channel = "text" if phone.is_mobile(given["number"]) else "call"
        name = one_line(given["name"], 120)
        return Who(name, given["number"], "", given["language"], channel, noted_by_team=True)


def show(request: HttpRequest) -> HttpResponse:
    """The list; each page of it is written down as looked at."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = Paginator(queries.members(actor.organisation), EACH_PAGE).get_page(request.GET.get("page"))
    access.looked_at_all(actor, "member", [row.pk for row in page])
    rows = [(row, choices.chosen(OCCASIONS, row.occasions), HOW[row.consent]) for row in page]
    context = {"rows": rows, "page_of": page, "coordinates": actor.has(*access.READERS)}
    return render(request, "console/check_people.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Somebody who has no file yet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = MemberForm(request.POST or None, organisation=actor.organisation)
    if request.method == "POST" and form.is_valid():
        person = people.record_person(organisation=actor.organisation, who=form.who())
        street = one_line(form.cleaned_data["street"], 200)
        actions.agree(actor=actor, person=person, agreed=form.agreed(actor.organisation, form.found, street))
        messages.success(request, _("They are on the list."))
        return redirect("check_people")
    context = {"form": form}
    return render(request, "console/check_add.html", context, status=422 if form.errors else 200)


def leave(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """They agree no more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actions.leave(actor=actor, member=access.member_for(actor, member_id))
    messages.success(request, _("No one will call them any longer."))
    return redirect("check_people")


def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """From the page of a file: they agree, or agree no more."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_for(actor, case_id)
    form = AgreedForm(request.POST)
    if request.POST.get("do") == "leave":
        row = of_file(case)["member"]
        if row is None:
            raise Http404
        actions.leave(actor=actor, member=row)
        messages.success(request, _("No one will call them any longer."))
    elif form.is_valid():
        actions.agree(actor=actor, person=case.person, agreed=form.agreed(actor.organisation), case=case)
        messages.success(request, _("They are on the list."))
    else:
        messages.warning(request, _("Say what for, and how they agreed."))
    return redirect("case_page", case.pk)


def of_file(case: Case) -> dict[str, Any]:
    """What the page of a file shows. One query."""
    row = Member.objects.filter(
        organisation=case.organisation_id, person=case.person_id, left_at=None
    ).first()
    return {
        "member": row,
        "member_for": choices.chosen(OCCASIONS, row.occasions) if row else [],
        "check_form": AgreedForm(),
    }


def take_table(request: HttpRequest) -> HttpResponse:
    """A table from elsewhere, and what became of each row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            report = _taken(request, actor)
        except NotATable as error:
            context["wrong"] = (
                _("These columns are missing: %(columns)s.") % {"columns": ", ".join(error.missing)}
                if error.missing
                else _("This cannot be read. Save it as a CSV file, with at most 5,000 rows.")
            )
        else:
            context["bad"] = [(each, [WRONG[code] for code in each.wrong]) for each in report.bad]
            context["taken"] = ngettext(
                "%(count)s person is on the list.", "%(count)s people are on the list.", report.taken
            ) % {"count": report.taken}
    status = 422 if context.get("wrong") else 200
    return render(request, "console/check_import.html", context, status=status)


def _taken(request: HttpRequest, actor: Actor) -> Any:
    file = request.FILES.get("table")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise NotATable([])
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    today = clock.now().astimezone(actor.organisation.zone).date()
    return actions.import_members(actor=actor, text=clean(text, MOST_BYTES), today=today)
