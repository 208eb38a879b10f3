"""Being written to in a chat of one's own: linked by a code that is good once, shown, and taken away again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.limits.actions import allow
from quartier.messaging import chats, providers
from quartier.people.models import Volunteer
from quartier.volunteer.access import me

# What people call them.
CHATS = {"telegram": "Telegram", "matrix": "Element"}
TRIES, TRIES_S = 10, 3600


def title() -> str:
    """What the page is called, "" where the installation has no chat."""
    names = [CHATS[each] for each in providers.chats()]
    if len(names) > 1:
        return _("Messages by {one} or {other}").format(one=names[0], other=names[1])
    return _("Messages by {one}").format(one=names[0]) if names else ""


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Which chats there are and which are linked; POST `do`: `link` (a new code) or `take` (away) a `channel`."""
    _actor, volunteer = me(request)
    if volunteer.state == Volunteer.State.SUSPENDED or not chats.handles():
        raise Http404
    if request.method == "POST":
        return _act(request, volunteer)
    return _page(request, volunteer)


def _act(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    channel, person = request.POST.get("channel", ""), volunteer.person
    if channel not in chats.handles():
        raise Http404
    match request.POST.get("do"):
        case "take":
            if chats.take_away(person=person, channel=channel):
                messages.success(request, _("Taken away. We write to you as before, by text or by mail."))
            return redirect("volunteer_chats")
        case "link":
            typed = " ".join(request.POST.get("name", "").split())
            if not allow(purpose="chat link", who=str(person.pk), limit=TRIES, per_seconds=TRIES_S):
                return _page(
                    request, volunteer, typed, _("Too many codes. Try again in an hour."), status=429
                )
            try:
                code = chats.new_code(person=person, channel=channel, invite=typed)
            except ValueError:
                wrong = _("Write your name as Element shows it in its settings, such as @nadia:matrix.org.")
                return _page(request, volunteer, typed, wrong, status=422)
            return _code(request, volunteer, channel, code)
    raise Http404


def _code(request: HttpRequest, volunteer: Volunteer, channel: str, code: str) -> HttpResponse:
    """The code is shown once: we keep only what it is recognised by."""
    handle = chats.handles()[channel]
    context = {
        "volunteer": volunteer,
        "channel": channel,
        "name": CHATS[channel],
        "handle": handle,
        "code": f"{code[:4]} {code[4:]}" if channel in chats.INVITED else code,
        "deep": f"https://t.me/{handle}?start={code}",
        "minutes": int(chats.CODE_LIVES.total_seconds() // 60),
    }
    return render(request, "volunteer/chat.html", context)


def _page(
    request: HttpRequest, volunteer: Volunteer, typed: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    linked = chats.of(volunteer.person)
    rows = [
        {"channel": channel, "name": CHATS[channel], "handle": handle, "link": linked.get(channel)}
        for channel, handle in chats.handles().items()
    ]
    context = {"volunteer": volunteer, "rows": rows, "title": title(), "typed": typed, "wrong": wrong}
    return render(request, "volunteer/chats.html", context, status=status)
