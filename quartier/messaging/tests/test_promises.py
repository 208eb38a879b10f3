"""No message promises what nobody owes, nor an hour that is past, nor a call to who has no number."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation

from quartier.lib import clock
from quartier.messaging import saying
from quartier.messaging.actions import Letter, write
from quartier.messaging.models import Message
from quartier.messaging.tests.conftest import promise_for
from quartier.messaging.tests.test_words import LANGUAGES, values
from quartier.messaging.words import TEMPLATES
from quartier.messaging.words.form import PromiseWithoutOwner
from quartier.people.actions import Who, record_person
from quartier.promises.actions import keep_promises, make_promise
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec

__all__ = ["values"]
HOUSE = Path(__file__).resolve().parent.parent.parent

# How a promise of ours sounds: something that one of us will do, or that they will hear.
PROMISES = {
    "en": r"\{by\}|\b(call|calls|ring) you (back|soon)"
    r"|of (our team|us|ours) (\w+ )?(calls|call|writes|reads|looks|tells)"
    r"|our team will (call|message|write|read|look|tell)|we (will|’ll) (call|message) you\b"
    r"|will hear from us (?!again)|we (call|write to|tell) you\b",
    "fr": r"\{by\}|(vous (r?appelle|écri[rt])|lit|regarde)(ons|a)?\b.*(équipe|nous)"
    r"|(équipe|de nous) (vous|lit|regarde)|nous vous (r?appelons|écrivons|disons)|aurez de nos nouvelles",
    "nl": r"\{by\}|(ons team|van ons) (\w+ )?(belt|leest|kijkt|schrijft|zegt)"
    r"|(bellen|schrijven) (we )?u\b|hoort .*van ons(?! weer)",
    "de": r"\{by\}|(unserem Team|von uns) (\w+ )?(ruft|liest|schaut|schreibt|sieht)"
    r"|(rufen wir Sie|schreiben wir Ihnen)\b|wir (rufen Sie|schreiben Ihnen)\b|Sie hören .*von uns",
}
# These sound so and promise nothing: who calls is a neighbour, it is said what happens if nothing else does, or they
# are told what holds for all that comes.
NO_PROMISE = {
    "started": "that messages may come again",
    "said": "the words are somebody's own",
    "relay": "the words are somebody's own",
    "welcome": "how it goes when a neighbour needs somebody",
    "push_test": "how it goes from now on",
    "companion_instead": "who calls is a neighbour, whose calls have a room of their own",
    "risk_heard": "who to call",
    "check_to_call": "whom to call, to those who do",
    "step_on_way": "who waits is written to in the same transaction",
}


def parts(name, language):
    with translation.override(language):
        words = TEMPLATES[name]
        return [str(each) for each in (words.text, words.subject, words.mail, words.answer)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_sounds_like_a_promise_is_one_with_an_owner(name, language):
    sounds = any(re.search(PROMISES[language], each, re.IGNORECASE) for each in parts(name, language))
    words = TEMPLATES[name]
    if sounds and name not in NO_PROMISE:
        assert words.promises or words.owed_by, parts(name, language)
    assert not (words.promises and words.owed_by)
    assert words.promises in {"", *Promise.Kind.values}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if TEMPLATES[name].owed_by])
def test_what_another_room_owes_is_a_table_of_that_room(name):
    from django.apps import apps

    apps.get_model(TEMPLATES[name].owed_by)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in TEMPLATES if TEMPLATES[name].promises])
def test_it_is_not_written_without_its_row(name, organisation, youssef, tuesday, values):
    person, kind = youssef.person, TEMPLATES[name].promises
    with pytest.raises(PromiseWithoutOwner):
        write(organisation=organisation, letter=Letter(person, name, "a", values))
    spec = PromiseSpec(kind, "request", uuid4(), person, tuesday + timedelta(hours=2))
    promise = make_promise(organisation=organisation, spec=spec)
    assert write(organisation=organisation, letter=Letter(person, name, "b", values, promise=promise))
    if kind == "call":
        weaker = make_promise(
            organisation=organisation,
            spec=PromiseSpec("news", "request", uuid4(), person, tuesday + timedelta(hours=2)),
        )
        with pytest.raises(PromiseWithoutOwner):
            write(organisation=organisation, letter=Letter(person, name, "c", values, promise=weaker))
    keep_promises(subject_kind="request", subject_id=promise.subject_id)
    promise.refresh_from_db()
    with pytest.raises(PromiseWithoutOwner):
        write(organisation=organisation, letter=Letter(person, name, "d", values, promise=promise))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_names_an_hour_that_is_past(language, organisation, tuesday, values):
    past = {**values, "by": tuesday - timedelta(hours=20)}
    with translation.override(language):
        long_ago = saying.look.before(past["by"], tuesday)
        ready = saying.ready(organisation, past, tuesday)
        for name, words in TEMPLATES.items():
            for part in (words.text, words.subject, words.mail, words.answer):
                if "{by}" not in str(part):
                    continue
                text = str(part).format_map(ready)
                assert long_ago not in text, name
                assert saying.look.day(past["by"], tuesday) not in text, name


WAYS = {
    "number": {"phone": "+32470001427", "channel": "text"},
    "landline": {"phone": "+3220001427", "email": "m@example.org", "channel": "email"},
    "mail": {"email": "m@example.org", "channel": "email"},
}


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_by_each_way_the_hour_is_the_one_that_is_owed(way, language, organisation, tuesday, values):
    person = record_person(organisation=organisation, who=Who("Marie", language=language, **WAYS[way]))
    for name in [name for name in TEMPLATES if TEMPLATES[name].promises]:
        promise = promise_for(name, person, clock.now() + timedelta(hours=4))
        row = write(organisation=organisation, letter=Letter(person, name, name, values, promise=promise))
        with translation.override(language):
            hour = saying.look.clock_time(promise.due_at.astimezone(organisation.zone), unit=False)
        assert hour.replace("\xa0", " ").split()[0] in row.body.replace("\xa0", " "), name
    assert Message.objects.filter(person=person).exists()


def test_who_has_no_number_is_never_promised_a_call():
    """Whoever writes a template that promises a call asks first whether there is a number."""
    calls = [name for name in TEMPLATES if TEMPLATES[name].promises == "call"]
    for path in HOUSE.rglob("*.py"):
        if "tests" in path.parts or "words" in path.parts:
            continue
        text = path.read_text()
        for name in calls:
            if re.search(rf'"{name}" if|else "{name}"', text):
                continue
            written = re.search(rf'(Letter\([^)]*|reply\([^)]*|tell\([^)]*)"{name}"', text)
            assert not written, f"{path.relative_to(HOUSE)}: {name}"
