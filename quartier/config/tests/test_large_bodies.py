"""A body that is too large is answered 413, whoever sends it, and the log has one line of it without a traceback."""

import asyncio
import logging
from unittest.mock import MagicMock
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from django.urls import reverse

from quartier.telephony.providers.twiml.setup import PATH
from quartier.telephony.providers.twiml.webhooks import Webhooks

FOUR_MB = b"a=" + b"x" * 4_000_000
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["line_wish", "line_quality"])
def test_a_page_of_the_line_says_so_quietly(name, organisation, client, caplog):
    args = [uuid4()] if name == "line_quality" else []
    answer = client.post(reverse(name, args=args), FOUR_MB, content_type=FORM_CONTENT_TYPE)
    assert answer.status_code == 413
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert not [record for record in caplog.records if record.exc_info]
    assert "Traceback" not in caplog.text


def test_webhooks_of_the_carrier_say_so_quietly(caplog):
    served: web.Application = Webhooks(*[MagicMock() for _ in range(5)]).application(MagicMock())

    async def post() -> int:
        async with TestClient(TestServer(served)) as caller:
            answer = await caller.post(f"{PATH}/voice", data=FOUR_MB)
            return answer.status

    assert asyncio.run(post()) == 413
    assert "Traceback" not in caplog.text
