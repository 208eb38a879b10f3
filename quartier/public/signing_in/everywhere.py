"""On how many browsers somebody is signed in, with which passkeys they can; and out of all browsers at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.audit import actions as audit
from quartier.public.signing_in import own_passkeys
from quartier.public.signing_in.pages import leave
from quartier.team.access import Actor
from quartier.team.sessions import end_sessions, open_sessions


def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """GET says where; POST ends every other session at once, and this one as signing out does."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    assert actor.account is not None
    if request.method != "POST":
        context = {"count": open_sessions(actor.account)} | own_passkeys.frame(request)
        return render(request, "public/sign_out_everywhere.html", context)
    ended = end_sessions(actor.account, but=request.session.session_key)
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="account.sign_out_everywhere",
        subject_kind="account",
        subject_id=actor.id,
        details={"others": ended},
    )
    return leave(request)
