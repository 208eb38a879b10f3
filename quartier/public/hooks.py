"""What providers of messages call us for: how one went, and what somebody wrote. Only what they have signed counts,
and each thing once. Log lines name the provider, and nothing that it said.

204 done, or done before · 400 cannot be understood · 403 not signed · 404 no such provider · 413 too large ·
503 we cannot keep it now: again later
"""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from quartier.lib import clock
from quartier.messaging import incoming, reports
from quartier.messaging.providers import Post, heard

log = logging.getLogger(__name__)
LARGEST = 64 * 1024
AGAIN_S = 30


@csrf_exempt
def take(request: HttpRequest, name: str) -> HttpResponse:
    """One webhook of the provider of this name."""
    post = Post()
    provider = next((each for each in post.that_are_called() if each.name == name), None)
    if provider is None:
        return HttpResponse(status=404)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        told = provider.hear(body, request.headers, request.get_full_path(), clock.now())
    except heard.Forged as error:
        log.warning("%s: a webhook was refused: %s", name, error)
        return HttpResponse(status=403)
    except heard.Garbled as error:
        log.warning("%s: a webhook was not understood: %s", name, error)
        return HttpResponse(status=400)
    try:
        for each in told:
            if isinstance(each, heard.Report):
                reports.reported(name, each)
            else:
                incoming.received(request.organisation, name, each)  # type: ignore[attr-defined]
    except DatabaseError as error:
        log.error("%s: a webhook could not be kept: %s", name, type(error).__name__)
        return HttpResponse(status=503, headers={"Retry-After": str(AGAIN_S)})
    return HttpResponse(status=204)
