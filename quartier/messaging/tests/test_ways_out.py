"""What would stay in a sandbox that nobody reads is never sent: another way, or somebody of the team calls."""

import pytest

from quartier.lib import clock
from quartier.messaging import actions
from quartier.messaging.actions import Letter
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, SandboxDelivery
from quartier.messaging.providers import Post, can_be_answered, ways_out
from quartier.people.models import Person, Wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
MAIL, GATEWAY, BOX = "smtp://mail.quartier.brussels", "https://texts.quartier.brussels/send", "sandbox:"


@pytest.fixture
def real(settings):
    """An installation for real people, where only mail leaves."""
    settings.SANDBOX_IS_READ = False
    settings.MAIL, settings.TEXTS = MAIL, [BOX]
    return settings


@pytest.fixture
def youssef_at_home(youssef):
    person = youssef.person
    person.phone, person.email, person.channel = "+32470123456", "youssef@quartier.brussels", "text"
    person.save()
    return person


def letter(person, key="k", **more):
    return Letter(person, "push_test", key, {"page": ("home_of_role",)}, **more)


@pytest.mark.parametrize(
    ("mail", "texts", "read", "ways"),
    [
        (MAIL, [GATEWAY], False, {"email", "text"}),
        (MAIL, [BOX], False, {"email"}),
        (BOX, [GATEWAY], False, {"text"}),
        (BOX, [BOX], False, set()),
        (BOX, [], False, set()),
        (MAIL, ["nothing:x"], False, {"email"}),
        (BOX, [BOX], True, {"email", "text"}),
    ],
)
def test_which_ways_there_are(settings, mail, texts, read, ways):
    settings.MAIL, settings.TEXTS, settings.SANDBOX_IS_READ = mail, texts, read
    assert ways_out.written_ways() == ways
    if texts == [BOX]:
        assert can_be_answered() is read


def test_whoever_wants_texts_gets_a_mail_where_none_leave(real, organisation, youssef_at_home):
    person = youssef_at_home
    assert actions.channel_for(organisation=organisation, letter=letter(person)) == "email"
    assert actions.told_by(person) == "email"
    # What was to come as a text alone is not written.
    assert actions.write(organisation=organisation, letter=letter(person, by="text")) is None
    person.email = ""
    person.save()
    assert actions.write(organisation=organisation, letter=letter(person)) is None
    assert actions.told_by(person) == "call"
    real.TEXTS = [GATEWAY]
    assert actions.channel_for(organisation=organisation, letter=letter(person)) == "text"
    assert not Message.objects.exists()


def test_mails_are_not_gathered_where_none_leave(real, organisation, youssef_at_home):
    person = youssef_at_home
    Wishes.objects.create(
        organisation=organisation, person=person, rhythm=Wishes.Rhythm.DAILY, changed_at=clock.now()
    )
    values = {"first_name": "Anna", "page": ("volunteer_home",)}
    news = Letter(person, "welcome", "w", values)
    real.MAIL, real.TEXTS = BOX, [GATEWAY]
    assert actions.channel_for(organisation=organisation, letter=news) == "text"


def test_nothing_is_sent_to_an_address_for_examples(real, organisation, youssef_at_home):
    person = youssef_at_home
    person.email, person.phone = "youssef@example.org", "+32400001427"
    person.save()
    real.TEXTS = [GATEWAY]
    assert actions.write(organisation=organisation, letter=letter(person)) is None


def test_what_was_written_before_goes_another_way_or_is_seen(real, message, youssef_at_home):
    first = message("a", channel="text", to=youssef_at_home.phone)
    deliver(Post())
    first.refresh_from_db()
    assert (first.state, first.channel, first.to) == ("due", "email", youssef_at_home.email)
    first.delete()
    Person.objects.filter(pk=youssef_at_home.pk).update(email="")
    second = message("b", channel="text", to=youssef_at_home.phone)
    third = message("c", channel="email", to="marie@example.org")
    deliver(Post())
    for row in (second, third):
        row.refresh_from_db()
        assert (row.state, "leads nowhere" in row.error, row.sent_at) == ("failed", True, None)
    assert not SandboxDelivery.objects.exists()
