"""Mail, given to a real SMTP server: one that behaves, and ones that do not."""

import asyncio
import email
import email.policy
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from quartier.lib import clock
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, SandboxDelivery
from tests.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
# A name that no rule keeps in the sandbox; the server that is asked is always our own.
MARIE = "marie@post.quartier.localhost"


class Mailbox:
    """A server that takes everything."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append(envelope)
        return "250 taken"

    def parsed(self):
        return [email.message_from_bytes(each.content, policy=email.policy.default) for each in self.letters]


class Answers(Mailbox):
    """Gives one answer to an address or to a letter, the first time; later it behaves."""

    def __init__(self, *, rcpt=None, data=None, always=False):
        super().__init__()
        self.rcpt, self.data, self.always = rcpt, data, always

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt:
            answer, self.rcpt = self.rcpt, self.rcpt if self.always else None
            return answer
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data:
            answer, self.data = self.data, self.data if self.always else None
            return answer
        return await super().handle_DATA(server, session, envelope)


class Silent(Mailbox):
    """Takes the letter and does not answer, the first time."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        if len(self.letters) == 1:
            await asyncio.sleep(2)
        return "250 taken"


class Cutter(Mailbox):
    """Takes the letter, and hangs up before it answers, the first time."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        if len(self.letters) == 1:
            server.transport.abort()
        return "250 taken"


class HangsUpEarly(SMTP):
    """Hangs up when it hears whom the letter is for."""

    async def smtp_RCPT(self, arg):  # noqa: N802
        self.transport.abort()


class Abrupt(Controller):
    def factory(self):
        return HangsUpEarly(self.handler)


@pytest.fixture
def served(settings):
    """Makes a server the installation's mail server."""

    @contextmanager
    def serve(handler, kind=Controller):
        controller = kind(handler, hostname="127.0.0.1", port=free_port())
        controller.start()
        try:
            _use(settings, controller.port)
            yield handler
        finally:
            controller.stop()

    return serve


def _use(settings, port):
    settings.MAIL = f"smtp://127.0.0.1:{port}"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 1},
        }
    }


def again(row):
    """The row after its next try."""
    row.refresh_from_db()
    with clock.stopped_at(row.not_before + timedelta(minutes=1)):
        deliver()
    row.refresh_from_db()
    return row


def test_a_letter_arrives_as_it_should(message, served, tuesday, organisation):
    row = message(to=MARIE, subject="Courses pour quelqu’un du quartier, Ixelles")
    with served(Mailbox()) as box:
        assert deliver()
    row.refresh_from_db()
    assert (row.state, row.provider) == ("sent", "email")
    assert row.provider_reference == f"<{row.pk}@example.org>"
    (envelope,), (letter,) = box.letters, box.parsed()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("quartier@example.org", [MARIE])
    assert letter["From"] == "Quartier Bruxelles <quartier@example.org>"
    assert (letter["To"], letter["Subject"]) == (MARIE, row.subject)
    assert letter["Message-ID"] == row.provider_reference
    assert letter["Date"].datetime == tuesday
    assert letter["Content-Language"] == "fr"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"].startswith("<mailto:quartier@example.org?subject=stop%20")
    plain = letter.get_body(["plain"]).get_content().replace("\r\n", "\n")
    page = letter.get_body(["html"]).get_content()
    assert plain.startswith(row.body)
    assert "Vous pouvez aussi nous appeler\u00a0: 0800 00 020" in plain
    assert '<html lang="fr">' in page
    assert 'href="http://127.0.0.1:8000/fr/volunteer/offer/abc/"' in page
    assert "Ouvrir la page" in page
    assert not SandboxDelivery.objects.exists()


def test_what_people_typed_stays_text(message, served, tuesday):
    message(to=MARIE, subject="a <b>\nBcc: x@example.org", body="<script>1</script> & more")
    with served(Mailbox()) as box:
        deliver()
    (letter,) = box.parsed()
    page = letter.get_body(["html"]).get_content()
    assert "<script>" not in page
    assert "&lt;script&gt;1&lt;/script&gt; &amp; more" in page
    assert letter["Bcc"] is None
    assert letter["Subject"] == "a <b> Bcc: x@example.org"
    assert box.letters[0].rcpt_tos == [MARIE]


def test_a_code_is_nothing_to_unsubscribe_from(message, served, tuesday):
    message(to=MARIE, template="sign_in_code")
    with served(Mailbox()) as box:
        deliver()
    assert box.parsed()[0]["List-Unsubscribe"] is None


def test_many_letters_go_over_one_connection(message, served, tuesday):
    for number in range(8):
        message(str(number), to=f"p{number}@post.quartier.localhost")
    calls = []

    class Counting(Mailbox):
        async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
            calls.append(hostname)
            session.host_name = hostname
            return responses

    with served(Counting()) as box:
        deliver()
    assert len(box.letters) == 8
    assert len(calls) == 1


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_not_now_means_later(message, served, tuesday, where):
    row = message(to=MARIE)
    with served(Answers(**{where: "451 4.7.1 greylisted, come back"})) as box:
        deliver()
        row.refresh_from_db()
        assert (row.state, row.error) == ("due", "451 4.7.1 greylisted, come back")
        assert again(row).state == "sent"
    assert len(box.letters) == 1


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_never_means_failed(message, served, tuesday, where):
    row = message(to=MARIE)
    with served(Answers(**{where: f"550 5.1.1 no such person {MARIE}"})) as box:
        deliver()
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "550 5.1.1 no such person …")
    assert box.letters == []


def test_one_bad_address_does_not_hold_up_the_others(message, served, tuesday):
    for number in range(3):
        message(str(number), to=f"p{number}@post.quartier.localhost")
    with served(Answers(rcpt="550 no")) as box:
        deliver()
    assert sorted(Message.objects.values_list("state", flat=True)) == ["failed", "sent", "sent"]
    assert len(box.letters) == 2


def test_silence_after_the_letter_means_unknown_and_a_second_copy_is_marked_as_one(message, served, tuesday):
    row = message(to=MARIE)
    with served(Silent()) as box:
        deliver()
        row.refresh_from_db()
        assert row.state == "unknown"
        assert again(row).state == "sent"
    first, second = box.parsed()
    assert first["Message-ID"] == second["Message-ID"]


def test_a_line_cut_after_the_letter_means_unknown(message, served, tuesday):
    row = message(to=MARIE)
    with served(Cutter()) as box:
        deliver()
        row.refresh_from_db()
        assert row.state == "unknown"
        assert again(row).state == "sent"
    assert len(box.letters) == 2


def test_a_line_cut_before_the_letter_means_surely_not_sent(message, served, tuesday):
    row = message(to=MARIE)
    with served(Mailbox(), Abrupt):
        deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("due", 1)


def test_no_server_at_all_means_later(message, settings, tuesday):
    _use(settings, free_port())
    row = message(to=MARIE)
    deliver()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("due", 1)
    assert "refused" in row.error


def test_an_address_that_is_none_fails(message, served, tuesday):
    row = message(to="marie at home")
    with served(Mailbox()) as box:
        deliver()
    row.refresh_from_db()
    assert row.state == "failed"
    assert box.letters == []
