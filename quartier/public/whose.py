"""Whose pages answer at an address: `quartier check` asks its own origin, and knows the answer."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

PURPOSE = "quartier.public.whose"


def answer_to(question: str) -> str:
    """What this installation alone answers. It opens nothing, and says nothing of any key."""
    return salted_hmac(PURPOSE, question, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def show(request: HttpRequest, question: str) -> HttpResponse:
    """The answer, as text."""
    response = HttpResponse(answer_to(question), content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
