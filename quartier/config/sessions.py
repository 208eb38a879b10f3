"""Sessions as Django keeps them, but that an answer which comes late signs nobody out."""

from django.conf import settings
from django.contrib.sessions import middleware
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(middleware.SessionMiddleware):
    """Takes a cookie away only where this request has ended its session.

    Whoever signs in gets another session. A page that had asked for something just before, such as news in the
    background, asked with the old one, which is gone by now: Django would have the browser forget the new one.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie["max-age"] == 0:
            if request.session.modified:
                # What the browser has kept to show again. The rest is the worker's, which knows what may stay.
                response["Clear-Site-Data"] = '"cache"'
            else:
                del response.cookies[settings.SESSION_COOKIE_NAME]
        return response
