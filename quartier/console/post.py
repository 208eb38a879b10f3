"""Texts and mails: what did not arrive and what to do about it, what waits, how providers do, and what it costs."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from quartier.console.cut import cut
from quartier.followup.access import looked_at_all
from quartier.lib import clock
from quartier.messaging import chats, queries, resending, spending
from quartier.messaging.actions import ways_to
from quartier.messaging.models import Message, ProviderState
from quartier.team.access import Actor

CHANNELS = {
    "text": pgettext_lazy("a way to write to somebody", "text"),
    "email": pgettext_lazy("a way to write to somebody", "email"),
    "push": pgettext_lazy("a way to write to somebody", "notification"),
    "voice": pgettext_lazy("a way to write to somebody", "call"),
    "web": pgettext_lazy("a way to write to somebody", "on their page"),
    "telegram": "Telegram",
    "matrix": "Matrix",
}
_LINK = re.compile(r"https?://\S+")
SHOWN = 100


@dataclass(frozen=True)
class GivenUp:
    """A message that did not arrive. `words`: what it said, without links; `ways`: it can be sent again."""

    message: Message
    channel: str
    words: str
    can_be_sent: bool


def show(request: HttpRequest) -> HttpResponse:
    """The page; asked by htmx, only its moving part."""
    return _page(request)


def _page(request: HttpRequest, wrong: str = "", cap: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organisation, now = actor.organisation, clock.now()
    failed = cut(request, "given-up", queries.failed(organisation), SHOWN)
    rows = failed.rows
    looked_at_all(actor, "message", [row.pk for row in rows])
    linked = chats.ways(row.person_id for row in rows)
    limit, spent = spending.cap(organisation), spending.spent(organisation, now)
    context = {
        "failed": failed,
        "given_up": [_row(row, linked.get(row.person_id, [])) for row in rows],
        "on_their_way": queries.unsettled(organisation),
        "for_money": queries.waiting_for_money(organisation),
        "states": [(state, _is_away(state)) for state in ProviderState.objects.order_by("name")],
        "spent": spent,
        "cap": limit,
        "cap_typed": cap or localize(limit.quantize(Decimal("0.01"))),
        "wrong": wrong,
        "is_head": actor.has("admin"),
        "now": now,
    }
    part = request.htmx and not wrong  # type: ignore[attr-defined]
    name = "console/post_live.html" if part else "console/post.html"
    return render(request, name, context, status=422 if wrong else 200)


def _row(message: Message, linked: list[str]) -> GivenUp:
    words = " ".join(_LINK.sub("", message.body).split())
    return GivenUp(
        message,
        str(CHANNELS.get(message.channel, message.channel)),
        words if len(words) < 200 else words[:200] + "…",
        bool(ways_to(message.person, message.template, linked=linked)),
    )


def _is_away(state: ProviderState) -> bool:
    return state.broken_until is not None and state.failures > 0


def act(request: HttpRequest) -> HttpResponse:
    """Send one again, say that somebody has called instead, or change what may be spent."""
    try:
        return _act(request, request.actor)  # type: ignore[attr-defined]
    except resending.SeenTo:
        messages.success(request, _("It has been dealt with already."))
        return redirect("post")


def _act(request: HttpRequest, actor: Actor) -> HttpResponse:
    match request.POST.get("do"):
        case "again":
            try:
                resending.send_again(actor=actor, message_id=_id(request))
                messages.success(request, _("It is being sent again."))
            except ValueError:
                messages.warning(request, _("No one can write to this person: call them."))
        case "settle":
            resending.settle(actor=actor, message_id=_id(request))
            messages.success(request, _("Saved: it is settled."))
        case "cap":
            typed = request.POST.get("cap", "")
            cents = _cents(typed)
            if cents is None:
                return _page(request, _("Enter an amount in euros, such as 20 or 12.50."), typed)
            resending.may_spend(actor=actor, cents=cents)
            messages.success(request, _("Saved."))
        case _:
            raise Http404
    return redirect("post")


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("message", ""))
    except ValueError as error:
        raise Http404 from error


def _cents(typed: str) -> int | None:
    """Euros as people write them, in cents; `None` for what is no amount that may be set."""
    text = re.sub(r"[\s\u00a0\u202f€]|eur", "", typed, flags=re.IGNORECASE).replace(",", ".")
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        return None
    if not cents.is_finite() or cents != cents.to_integral_value() or not 0 <= cents <= resending.MOST_CENTS:
        return None
    return int(cents)
