"""Ready-made sign-ins of the demonstration, where every person is invented."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases import actions as cases
from quartier.cases.models import Request, StatusLink
from quartier.people.models import Volunteer
from quartier.public.signing_in.pages import enter
from quartier.team.models import Account, Organisation, Role

ROLES = (
    (Role.Name.COORDINATOR, _("Coordinator"), _("The board on which no one is forgotten.")),
    (Role.Name.OPERATOR, _("Operator"), _("Writes down a request while someone is on the line.")),
    (Role.Name.ADMIN, _("Administrator"), _("The same board, with every right.")),
    (
        Role.Name.SUPERVISOR,
        _("Supervisor of the listeners"),
        _("Sees how the calls are going, and when one was missed."),
    ),
    (Role.Name.LISTENER, _("Listener on the phone"), _("Calls someone every week, and keeps a notebook.")),
    (Role.Name.VOLUNTEER, _("Volunteer"), _("Is asked, says yes, sees the address.")),
)


def show(request: HttpRequest) -> HttpResponse:
    """A button for each role, an example of a private page, and the sandbox with all phones and mailboxes where
    anything goes into it: with `debug` alone nothing does."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    if request.method == "POST":
        account = _account(organisation, request.POST.get("role", "")[:20])
        if account is None:
            raise Http404
        enter(request, account, "demo")
        return HttpResponseRedirect(reverse("home_of_role"))
    sandbox = _address("sandbox") if settings.SANDBOX_IS_READ else ""
    context = {"roles": ROLES, "example": _example(organisation), "sandbox": sandbox}
    return render(request, "public/demo.html", context)


def _account(organisation: Organisation, role: str) -> Account | None:
    if role == Role.Name.VOLUNTEER:
        # Somebody with something to do: a visit, or an offer.
        volunteer = (
            Volunteer.objects.filter(
                organisation=organisation, state=Volunteer.State.ACTIVE, person__account__is_active=True
            )
            .select_related("person__account")
            .order_by("-open_count", "-asked_count", "id")
            .first()
        )
        return volunteer.person.account if volunteer else None
    if role not in Role.Name.values:
        return None
    return (
        Account.objects.filter(organisation=organisation, is_active=True, roles__name=role)
        .order_by("created_at", "id")
        .first()
    )


def _example(organisation: Organisation) -> str:
    """The address of the private page of somebody to whom a neighbour goes, or whoever asked last."""
    links = StatusLink.objects.filter(organisation=organisation, is_proven=True, revoked_at=None)
    covered = links.filter(case__requests__state=Request.State.COVERED).order_by("-created_at").first()
    link = covered or links.order_by("-created_at").first()
    return reverse("status", args=[cases.token_of(link)]) if link else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
