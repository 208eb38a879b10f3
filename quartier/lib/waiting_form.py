"""What was sent with a form and could not be taken waits in the visitor's session, sealed, for a page that is only
looked at: every POST is answered with a redirect, so that the browser's way back never asks to send it again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme

from quartier.lib import clock, kept

# In the address of the page that shows again what was sent.
AGAIN_PARAMETER = "again"
SESSION_KEY = "waiting_form"
# What the buttons to another language, and back, send with the form: a language's code, or an address of ours.
LEAVE_PARAMETER = "leave"
# Under this name it waits that nobody has said yet that this is the answer.
_LEFT = "left:"
# Under these names the words about a mistake wait that only the view could find.
_ERROR_PREFIX = "wrong:"
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "proof", LEAVE_PARAMETER})
# A view that draws its form again answers with one of these.
_DRAWN_AGAIN = frozenset({200, 422})


class Words(QueryDict):
    """What was sent and waits. `is_left`: whoever wrote it went elsewhere first, and is not told what is missing."""

    is_left = False


View = Callable[..., HttpResponse]


def sent_or_waiting(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what is being sent, or what was sent and waits; `None` for a form that begins."""
    if request.method == "POST":
        return request.POST
    return getattr(request, "waiting_words", None)


def add_error(request: HttpRequest, form: forms.BaseForm, field: str, words: Any) -> None:
    """A mistake that the form cannot find by itself, so that the page that shows it again knows it too."""
    form.add_error(field, words)
    request.view_errors = {**getattr(request, "view_errors", {}), field: str(words)}  # type: ignore[attr-defined]


def show_errors(request: HttpRequest, form: forms.BaseForm) -> None:
    """Put what `add_error` found beside the fields of a form whose words have waited."""
    for field, words in getattr(request, "waiting_errors", {}).items():
        if field in form.fields and field not in form.errors:
            form.add_error(field, words)


def answer_by_redirect(view: View) -> View:
    """A view that draws its form again where something is wrong: after a POST by a redirect to itself. Its form is
    bound to `sent_or_waiting`."""

    @wraps(view)
    def redirecting(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if request.method == "POST" and (goes_to := _leaves_for(request)):
            _keep(request, {_LEFT: "1"})
            return HttpResponseRedirect(goes_to)
        if request.method == "GET":
            _bring_back(request)
        response = view(request, *args, **more)
        if request.method != "POST":
            return response
        if response.status_code in _DRAWN_AGAIN:
            return _show_again(request) or response
        if _waiting(request) is not None:
            kept.forget(request.session, key=SESSION_KEY)
        return response

    return redirecting


def _leaves_for(request: HttpRequest) -> str:
    """Where somebody goes who has not answered yet: the same page in another language, or the page before; '' for
    nowhere."""
    to = request.POST.get(LEAVE_PARAMETER, "")
    if to in dict(settings.LANGUAGES):
        return translate_url(_address_again(request), to)
    is_ours = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if is_ours else ""


def _address_again(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked[AGAIN_PARAMETER] = "1"
    return f"{request.path}?{asked.urlencode()}"


def _page(path: str) -> str:
    """The page, whatever its language."""
    _empty, first, *rest = path.split("/", 2)
    return f"/{rest[0]}" if rest and first in dict(settings.LANGUAGES) else path


def _waiting(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What waits for this page. Words for another one stay where they are: each tab has only the form that was sent
    last."""
    found = kept.read(request.session, clock.now(), key=SESSION_KEY)
    return found[1] if found is not None and found[0] == _page(request.path) else None


def _bring_back(request: HttpRequest) -> None:
    """What was sent in vain comes back where its address asks for it; what was left half written, whenever its page is
    opened again."""
    found = _waiting(request)
    if found is None or not (AGAIN_PARAMETER in request.GET or (_LEFT, "1") in found):
        return
    words, errors = Words(mutable=True), {}
    for name, value in found:
        if name == _LEFT:
            words.is_left = True
        elif name.startswith(_ERROR_PREFIX):
            errors[name.removeprefix(_ERROR_PREFIX)] = value
        else:
            words.appendlist(name, value)
    request.waiting_words, request.waiting_errors = words, errors  # type: ignore[attr-defined]


def _show_again(request: HttpRequest) -> HttpResponse | None:
    """To the page that shows it; `None` where it is too long to wait."""
    found = getattr(request, "view_errors", {})
    if not _keep(request, {_ERROR_PREFIX + field: said for field, said in found.items()}):
        return None
    return HttpResponseRedirect(_address_again(request))


def _keep(request: HttpRequest, marks: dict[str, str]) -> bool:
    """Let what is being sent wait, with these marks; false where it is too long."""
    words = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if name not in _NOT_KEPT and not name.startswith((_ERROR_PREFIX, _LEFT)):
            words.setlist(name, values)
    for name, value in marks.items():
        words[name] = value
    if not words:
        words[""] = ""  # A form sent empty was sent too: what is missing has to be said.
    return kept.keep(request.session, _page(request.path), words, clock.now(), key=SESSION_KEY)
