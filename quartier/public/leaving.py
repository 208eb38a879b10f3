"""No more offers: what the button of a mail program calls (RFC 8058), and a page for whoever opens its address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from quartier.messaging.providers.email import leaving

# What a mail program sends with its button: it follows no redirect, and shows no page.
ONE_CLICK_FIELD = "List-Unsubscribe"


# The key in the address says who it is; a mail program has no cookie.
@csrf_exempt
@never_cache
def no_more_offers(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: programs that look into mails open every address. POST ends the offers, or brings them
    back."""
    person = leaving.by_key(token)
    if person is None or person.organisation_id != request.organisation.id:  # type: ignore[attr-defined]
        return _private(render(request, "public/no_more_offers.html", {"gone": True}, status=404))
    if request.method == "POST":
        if request.POST.get("again"):
            leaving.offers_again(person=person)
        else:
            leaving.no_more_offers(person=person)
        if ONE_CLICK_FIELD not in request.POST:
            return _private(HttpResponseRedirect(f"{request.path}?done=1"))
    context = {"gets": leaving.gets_offers(person), "done": "done" in request.GET}
    return _private(render(request, "public/no_more_offers.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
