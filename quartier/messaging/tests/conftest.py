from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.messaging.tests.telegram_api import YOUSSEF, BotApi, hear


def promise_for(template, person, due_at):
    """An open promise of the kind that this template needs; `None` where it promises nothing."""
    from quartier.messaging.words import TEMPLATES
    from quartier.promises.actions import make_promise
    from quartier.promises.rules import PromiseSpec

    kind = TEMPLATES[template].promises
    if not kind:
        return None
    spec = PromiseSpec(kind, "request", uuid4(), person, due_at)
    return make_promise(organisation=person.organisation, spec=spec)


@pytest.fixture
def message(organisation, youssef):
    """Writes a message row: `message("a")`."""
    from quartier.messaging.models import Message

    def make(key="a", *, person=None, **columns):
        now = clock.now()
        given = {
            "organisation": organisation,
            "person": person or youssef.person,
            "key": key,
            "template": "offer",
            "channel": "email",
            "language": "fr",
            "to": "youssef@example.org",
            "subject": "Courses, Ixelles",
            "body": "Quoi : courses\n\nOui ou non :\nhttp://127.0.0.1:8000/fr/volunteer/offer/abc/",
            "not_before": now,
            "created_at": now,
        }
        return Message.objects.create(**{**given, **columns})

    return make


@pytest.fixture
def lost():
    """Makes the lease of a message run out, as when its worker was killed."""
    from django.db.models.functions import Now

    from quartier.messaging.models import Message

    def lose(pk):
        Message.objects.filter(pk=pk).update(claimed_until=Now() - timedelta(seconds=1))

    return lose


@pytest.fixture
def api(settings, organisation):
    found = BotApi()
    settings.TELEGRAM = found.url
    yield found
    found.close()


@pytest.fixture
def linked(tuesday, api, youssef):
    """Youssef has linked his chat."""
    from quartier.messaging import chats
    from quartier.messaging.models import ChatLink

    code = chats.new_code(person=youssef.person, channel="telegram")
    api.writes(
        YOUSSEF, f"/start {code}", **{"from": {"id": YOUSSEF, "username": "youssef", "language_code": "fr"}}
    )
    hear()
    return ChatLink.objects.get()


@pytest.fixture
def chat(message, linked, youssef):
    """A message for the linked chat."""
    return lambda key="a", **more: message(
        key, **{"channel": "telegram", "to": str(youssef.person_id), "body": "Été, 14 h 😀", **more}
    )
