"""What keeps machines from flooding the public forms: limits for each visitor, and a proof of work.

Neither is ever in a person's way: without the proof a form is read by one of us before neighbours are asked.
"""

from django.http import HttpRequest


def count(request: HttpRequest, what: str) -> None:
    """Count one use of a form by this visitor."""


def is_proven(request: HttpRequest) -> bool:
    """Whether the visitor's browser has done the work that the form asked for."""
    return False
