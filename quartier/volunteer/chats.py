"""Being written to in a chat of one's own: linked by a code that is good once, shown, and taken away again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.lib import clock, kept
from quartier.lib.waiting_form import AGAIN_PARAMETER
from quartier.limits.actions import allow
from quartier.messaging import chats, providers
from quartier.people.models import Volunteer
from quartier.volunteer.access import me

# What people call them.
CHATS = {"telegram": "Telegram", "matrix": "Element"}
TRIES, TRIES_S = 10, 3600
# In the address of the page that shows the code, and where it stands until then.
CODE_PARAMETER = "code"
CODE_KEY = "chat_code"
TYPED_KEY = "chat_typed"


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
    if not chats.handles():
        raise Http404
    if request.method == "POST":
        return _act(request, volunteer)
    made = _take(request, CODE_KEY) if CODE_PARAMETER in request.GET else {}
    if made.get("channel") in chats.handles():
        return _code(request, volunteer, made["channel"], made["code"])
    again = _take(request, TYPED_KEY) if AGAIN_PARAMETER in request.GET else {}
    return _page(request, volunteer, again.get("name", ""), again.get("wrong", ""))


def _act(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    channel, person = request.POST.get("channel", ""), volunteer.person
    if channel not in chats.handles():
        raise Http404
    match request.POST.get("do"):
        case "take":
            if chats.take_away(person=person, channel=channel):
                messages.success(request, _("Removed. We’ll message you as before, by text or by email."))
            return redirect("volunteer_chats")
        case "link":
            typed = " ".join(request.POST.get("name", "").split())
            if not allow(purpose="chat link", who=str(person.pk), limit=TRIES, per_seconds=TRIES_S):
                return _again(request, typed, _("Too many codes. Try again in an hour."))
            try:
                code = chats.new_code(person=person, channel=channel, invite=typed)
            except ValueError:
                wrong = _("Enter your name as Element shows it in its settings, such as @nadia:matrix.org.")
                return _again(request, typed, wrong)
            _put(request, CODE_KEY, channel=channel, code=code)
            return redirect(f"{reverse('volunteer_chats')}?{CODE_PARAMETER}=1")
    raise Http404


def _again(request: HttpRequest, typed: str, wrong: str) -> HttpResponse:
    """To the page with what was typed and what is wrong with it."""
    _put(request, TYPED_KEY, name=typed, wrong=wrong)
    return redirect(f"{reverse('volunteer_chats')}?{AGAIN_PARAMETER}=1")


def _put(request: HttpRequest, key: str, **words: str) -> None:
    """For the page that is shown next: sealed, in the session, for as long as a code is good."""
    fields = QueryDict(mutable=True)
    fields.update(words)
    kept.keep(request.session, request.path, fields, clock.now(), key=key)


def _take(request: HttpRequest, key: str) -> dict[str, str]:
    found = kept.read(request.session, clock.now(), key=key)
    return dict(found[1]) if found else {}


def _code(request: HttpRequest, volunteer: Volunteer, channel: str, code: str) -> HttpResponse:
    """The code is shown in this session alone: elsewhere we keep only what it is recognised by."""
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


def _page(request: HttpRequest, volunteer: Volunteer, typed: str = "", wrong: str = "") -> HttpResponse:
    linked = chats.of(volunteer.person)
    rows = [
        {"channel": channel, "name": CHATS[channel], "handle": handle, "link": linked.get(channel)}
        for channel, handle in chats.handles().items()
    ]
    context = {"volunteer": volunteer, "rows": rows, "title": title(), "typed": typed, "wrong": wrong}
    return render(request, "volunteer/chats.html", context)
