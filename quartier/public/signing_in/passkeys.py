"""Passkeys (WebAuthn): adding one to the own account, and signing in with it. All four addresses speak JSON."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from quartier.messaging import sign_in_letters as letters
from quartier.public import entrance
from quartier.public.signing_in import own_passkeys
from quartier.public.signing_in.own_passkeys import own_account
from quartier.public.signing_in.pages import enter, own_page
from quartier.team import actions as team
from quartier.team.models import Passkey
from quartier.team.sessions import BY_PASSKEY, HOW_KEY

KEPT = "passkey"
LONGEST = 20_000
# What a browser calls a passkey: base64 as it stands in addresses.
_CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,400}")


def begin(request: HttpRequest) -> HttpResponse:
    """What the browser must sign to sign in; nobody says first who they are."""
    if not entrance.may(request, "try"):
        return _wrong(429)
    options, state = _server(request).authenticate_begin(user_verification=_verification(request))
    request.session[KEPT] = {"for": "enter", "state": state}
    return JsonResponse(dict(options))


def finish(request: HttpRequest) -> HttpResponse:
    """What the browser has signed: if it fits, the account is signed in. Answers where to go."""
    answer, state = _given(request, "enter")
    if answer is None or state is None or not entrance.may(request, "try"):
        return _wrong()
    credential_id = answer.get("id")
    if not isinstance(credential_id, str) or not _CREDENTIAL_ID.fullmatch(credential_id):
        return _wrong()
    organisation = request.organisation  # type: ignore[attr-defined]
    passkey = (
        Passkey.objects.select_related("account__organisation")
        .filter(
            credential_id=credential_id,
            organisation=organisation,
            account__is_active=True,
        )
        .first()
    )
    if passkey is None:
        return _wrong()
    known = AttestedCredentialData(bytes.fromhex(passkey.credential))
    try:
        _server(request).authenticate_complete(state, [known], answer)
        count = _count(answer)
    except (ValueError, KeyError, TypeError):
        return _wrong()
    if not team.use_passkey(passkey=passkey, sign_count=count):
        return _wrong()
    goes_on = own_page(request, str(answer.get("next", "")))
    enter(request, passkey.account, BY_PASSKEY)
    return JsonResponse({"next": goes_on or reverse("home_of_role")})


def add_begin(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey for who is signed in."""
    if not own_passkeys.may_change(request):
        return _not_confirmed()
    account = own_account(request)
    known = [AttestedCredentialData(bytes.fromhex(each.credential)) for each in account.passkeys.all()[:20]]
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=account.id.bytes, name=account.name, display_name=account.name),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_verification(request),
    )
    request.session[KEPT] = {"for": "add", "state": state}
    return JsonResponse(dict(options))


def add_finish(request: HttpRequest) -> HttpResponse:
    """Keep the new passkey."""
    answer, state = _given(request, "add")
    if not own_passkeys.may_change(request):
        return _not_confirmed()
    if answer is None or state is None:
        return _wrong()
    try:
        made = _server(request).register_complete(state, answer)
    except (ValueError, KeyError, TypeError):
        return _wrong()
    if made.credential_data is None:
        return _wrong()
    account = own_account(request)
    before = account.passkeys.count()
    team.add_passkey(
        account=account,
        credential_id=websafe_encode(made.credential_data.credential_id),
        credential=bytes(made.credential_data).hex(),
        sign_count=made.counter,
    )
    if account.passkeys.count() > before:
        letters.tell_of_passkey(account=account, is_new=True)
    # Whoever has just made one has it at hand.
    request.session[HOW_KEY] = BY_PASSKEY
    return JsonResponse({"added": True})


def _not_confirmed() -> JsonResponse:
    return JsonResponse({"error": own_passkeys.refused()}, status=409)


def _verification(request: HttpRequest) -> UserVerificationRequirement:
    """Whether the device must ask who holds it: where passkeys are demanded, having it is not enough."""
    organisation = request.organisation  # type: ignore[attr-defined]
    demanded = organisation.demands_passkeys
    return UserVerificationRequirement.REQUIRED if demanded else UserVerificationRequirement.PREFERRED


def _server(request: HttpRequest) -> Fido2Server:
    """Bound to the name and the exact origin under which the installation is reached."""
    host = request.get_host()
    ours = {settings.ORIGIN, f"{request.scheme}://{host}"}
    name = request.organisation.name  # type: ignore[attr-defined]
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=name, id=urlsplit(f"//{host}").hostname or host),
        verify_origin=lambda origin: origin in ours,
    )


def _given(request: HttpRequest, purpose: str) -> tuple[dict[str, Any] | None, Any]:
    """The JSON that was sent and the state kept for it; a state is used once."""
    kept = request.session.pop(KEPT, None)
    if not isinstance(kept, dict) or kept.get("for") != purpose or len(request.body) > LONGEST:
        return None, None
    try:
        answer = json.loads(request.body)
    except (ValueError, RecursionError):
        return None, None
    return (answer, kept.get("state")) if isinstance(answer, dict) else (None, None)


def _count(answer: dict[str, Any]) -> int:
    """How often the authenticator has signed, as it says itself; 0 where it does not count."""
    from fido2.webauthn import AuthenticationResponse

    return int(AuthenticationResponse.from_dict(answer).response.authenticator_data.counter)


def _wrong(status: int = 400) -> JsonResponse:
    return JsonResponse({"error": _("That did not work. Use a code instead.")}, status=status)
