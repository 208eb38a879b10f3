"""Pages walked by one visitor, each as if it were the only one."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What this visitor does inside is undone: in the database, and in what their browser keeps. To sign in again for
    each page would be most of the work."""
    kept = {name: each.value for name, each in client.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(kept)
