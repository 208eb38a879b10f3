"""Each request gets a number: it stands in its log lines and in the header of its answer, so that one is found by the
other. Never one that a visitor brings along: log lines are ours."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from quartier.config import logs

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """The outermost one: what goes wrong in any other is logged with the number too."""

    async_capable = False
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(5)
        request.request_id = number  # type: ignore[attr-defined]
        before = logs.request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(before)
        response[HEADER] = number
        return response
