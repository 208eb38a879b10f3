"""Taking a request by hand: nothing typed is lost, nothing is stored twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.cases.models import Case, Request
from quartier.console.intake import parsing
from quartier.intake.models import Contact, Draft
from quartier.lib import choices
from quartier.people.models import Person

TAKE = "/en/console/take/"
HERE = ZoneInfo("Europe/Brussels")
NOON = datetime(2027, 1, 12, 11, 0, tzinfo=UTC)


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def begin(client, number="02 000 14 99"):
    answer = client.post(TAKE, {"phone": number})
    assert answer.status_code == 302
    return answer["Location"]


def typed(client, address, /, **more):
    """What the form holds, as a browser would send it."""
    page = client.get(address)
    assert page.status_code == 200
    answers = dict(page.context["answers"])
    answers.pop("other", None)
    return {
        **answers,
        "version": page.context["draft"].version,
        "language": answers.get("language") or "fr",
        "channel": answers.get("channel") or "call",
        **more,
    }


MARIE = {
    "caller_name": "Marie Peeters",
    "place": "1050",
    "address": "Rue du Page 42",
    "kinds": ["groceries", "pharmacy"],
    "detail_groceries": "bread, milk",
    "urgency": "day",
    "languages": ["fr"],
    "words": "She sounds tired.",
    "consent": "on",
}


@pytest.mark.django_db
def test_one_call_becomes_a_file_with_its_requests_once(desk, lotte):
    address = begin(desk)
    sent = typed(desk, address, **MARIE)
    first = desk.post(address, sent)
    assert first.status_code == 302, first.context and first.context["form"].errors
    again = desk.post(address, sent)
    assert again["Location"] == first["Location"]
    case = Case.objects.get()
    assert (case.person.name, case.person.phone) == ("Marie Peeters", "+3220001499")
    assert (case.address, case.postcode) == ("Rue du Page 42", "1050")
    requests = {request.kind: request for request in Request.objects.all()}
    assert set(requests) == {"groceries", "pharmacy"}
    assert requests["groceries"].details == "bread, milk"
    assert requests["pharmacy"].details == ""
    contact = Contact.objects.get()
    assert (contact.channel, contact.taken_by, contact.words) == ("phone", lotte, "She sounds tired.")
    assert (contact.consent_spoken, contact.consent) == (True, "spoken-1")
    done = desk.get(first["Location"])
    text = done.content.decode()
    assert case.reference in text
    assert "New request" in text
    assert desk.get(address).status_code == 302
    draft = Draft.objects.get()
    assert draft.answers == {}


@pytest.mark.django_db
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(desk):
    address = begin(desk, "12345")
    sent = typed(desk, address, words="They need milk", place="Xyzzyplugh", day="2027-01-11", start="25h")
    answer = desk.post(address, sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"phone", "caller_name", "place", "kinds", "day", "start", "consent"}
    text = answer.content.decode()
    for word in ("They need milk", "Xyzzyplugh", "12345", "25h"):
        assert word in text
    assert Draft.objects.get().answers["words"] == "They need milk"
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_script_is_told_what_is_wrong_and_where_the_result_is(desk):
    address = begin(desk)
    by_script = {"X-Requested-With": "fetch"}
    answer = desk.post(address, typed(desk, address, words="They need milk"), headers=by_script)
    assert answer.status_code == 422
    assert set(answer.json()["wrong"]) == {"caller_name", "place", "kinds", "consent"}
    assert Draft.objects.get().answers["words"] == "They need milk"
    # Saved on another page meanwhile: both texts come back, and nothing is sent.
    old = typed(desk, address, **MARIE)
    desk.post(f"{address}save/", {**old, "caller_name": "Maria Peeters"})
    answer = desk.post(address, old, headers=by_script)
    assert answer.status_code == 409
    assert "Maria Peeters" in answer.json()["html"]
    shown = desk.get(address).context["shown_mark"]
    desk.post(f"{address}save/", {"resolve": "here", "shown": shown})
    sent = typed(desk, address, **MARIE)
    answer = desk.post(address, sent, headers=by_script)
    assert answer.json() == {"sent": f"{address}done/", "before": False}
    again = desk.post(address, sent, headers=by_script)
    assert again.json() == {"sent": f"{address}done/", "before": True}
    assert Case.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["\x00nul", "\ud800lone", "‮turned", "a" * 6000, "<script>alert(1)</script>", "  "]
)
def test_bad_words_break_nothing(desk, words):
    address = begin(desk)
    sent = typed(desk, address, **MARIE) | {"words": words.encode("utf-8", "replace").decode()}
    answer = desk.post(address, sent)
    assert answer.status_code in {302, 422}
    assert b"<script>alert(1)" not in desk.get(address, follow=True).content
    if len(words) > 4000:
        assert answer.status_code == 422
        assert Draft.objects.get().answers["words"] == words


@pytest.mark.django_db
def test_ten_megabytes_are_refused_kindly(desk):
    address = begin(desk)
    answer = desk.post(address, {"words": "a" * 10_000_000})
    assert answer.status_code == 413
    assert b"shorter text" in answer.content
    assert Draft.objects.get().answers["phone"] == "02 000 14 99"


@pytest.mark.django_db
def test_it_saves_and_says_when(desk):
    address = begin(desk)
    page = desk.get(address)
    assert "Saved at" in page.content.decode()
    version = page.context["draft"].version
    saved = desk.post(f"{address}save/", {"caller_name": "Marie", "kinds": ["dog"], "version": version})
    assert saved.json() == {"version": version + 1, "at": "11\u00a0am", "danger": ""}
    fresh = desk.get(address).content.decode()
    assert 'value="Marie"' in fresh
    assert 'value="dog" data-key="5" aria-keyshortcuts="Alt+5" checked' in fresh


@pytest.mark.django_db
def test_two_pages_with_one_draft_lose_nothing(desk):
    address = begin(desk)
    version = desk.get(address).context["draft"].version
    save = f"{address}save/"
    desk.post(save, {"words": "from the first page", "version": version})
    late = desk.post(save, {"words": "from the second page", "version": version})
    assert late.status_code == 409
    assert "from the first page" in late.json()["html"]
    assert "from the second page" in late.json()["html"]
    shown = desk.get(address).content.decode()
    assert "from the first page" in shown
    assert "from the second page" in shown
    desk.post(save, {"resolve": "other"})
    assert desk.get(address).context["answers"]["words"] == "from the second page"
    # The texts changed places, so the choice can be taken back.
    assert "from the first page" in desk.get(address).content.decode()
    # What somebody was not shown is not dropped.
    desk.post(save, {"resolve": "here", "shown": "something before"})
    shown = desk.get(address).context
    assert shown["others"]
    desk.post(save, {"resolve": "here", "shown": shown["shown_mark"]})
    assert not desk.get(address).context["others"]


@pytest.mark.django_db
def test_a_form_sent_from_an_old_page_is_not_taken_for_the_new_one(desk):
    address = begin(desk)
    old = typed(desk, address, **MARIE)
    desk.post(f"{address}save/", {**old, "caller_name": "Maria Peeters"})
    answer = desk.post(address, old)
    assert answer.status_code == 200
    assert "Maria Peeters" in answer.content.decode()
    assert "Marie Peeters" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_draft_is_only_for_who_types_it(desk, signed_in, thomas, bram, sara):
    address = begin(desk)
    desk.post(f"{address}save/", {"caller_name": "Marie Peeters", "version": 1})
    for other in (thomas, sara, bram):
        client = signed_in(other)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}save/", {"caller_name": "X"}).status_code == 404
        assert client.post(f"{address}drop/").status_code == 404
        assert "Marie" not in client.get(TAKE).content.decode()


@pytest.mark.django_db
def test_several_calls_can_be_open_and_one_thrown_away(desk):
    first, second = begin(desk), begin(desk, "02 000 14 98")
    assert {str(draft.pk) for draft in desk.get(TAKE).context["drafts"]} == {
        first.rstrip("/").split("/")[-1],
        second.rstrip("/").split("/")[-1],
    }
    desk.post(f"{first}drop/")
    desk.post(f"{first}drop/")
    assert Draft.objects.count() == 1


@pytest.mark.django_db
def test_who_calls_again_is_recognised_with_what_is_open(desk, asked):
    marie = asked("groceries").case.person
    address = begin(desk, "+32 2 000 14 27")
    page = desk.get(address)
    assert page.context["answers"]["caller_name"] == "Marie Peeters"
    assert page.context["answers"]["case"] == str(Case.objects.get().pk)
    text = page.content.decode()
    assert "Rue du Page 42" in text
    assert "Still open" in text
    # More for the same household: no second file, no second person.
    sent = typed(desk, address, kinds=["talk"], consent="on", urgency="week")
    assert desk.post(address, sent).status_code == 302
    assert Case.objects.get().requests.count() == 2
    assert Person.objects.filter(phone_index=marie.phone_index).count() == 1


@pytest.mark.django_db
def test_a_household_with_several_people_lets_choose(desk, asked):
    asked("groceries")
    asked("pharmacy", name="Paul Peeters")
    page = desk.get(begin(desk, "02 000 14 27"))
    assert not page.context["answers"].get("caller")
    names = {person.name for person in page.context["beside"].people}
    assert names == {"Marie Peeters", "Paul Peeters"}


@pytest.mark.django_db
def test_for_somebody_else(desk):
    address = begin(desk, "0400 00 14 27")
    sent = typed(
        desk,
        address,
        **MARIE | {"caller_name": "Anna Peeters"},
        for_other="on",
        person_name="Marie Peeters",
        person_phone="02 000 14 27",
        relation="daughter",
        tell="asker",
        channel="text",
    )
    assert desk.post(address, sent).status_code == 302
    case = Case.objects.get()
    assert (case.person.name, case.asked_by.name, case.relation) == (
        "Marie Peeters",
        "Anna Peeters",
        "daughter",
    )
    assert case.tell_asker
    assert case.asked_by.channel == "text"


@pytest.mark.django_db
def test_possible_duplicates_by_address_while_typing(desk, asked, organisation):
    from quartier.places.queries import search

    asked("groceries", name="Maria Peters")
    address = begin(desk, "02 000 55 55")
    ixelles = search("1050", "BE", "fr")[0]
    case = Case.objects.get()
    case.area = ixelles.place.area
    case.save()
    Request.objects.update(area=ixelles.place.area)
    beside = desk.post(
        f"{address}known/", {"place_choice": str(ixelles.place.pk), "address": "rue du page, 42"}
    )
    assert b"same address" in beside.content
    assert b"Maria Peters" in beside.content
    other = desk.post(
        f"{address}known/", {"place_choice": str(ixelles.place.pk), "address": "rue du page 44"}
    )
    assert b"Maria" not in other.content


@pytest.mark.django_db
def test_the_other_organisation_is_never_recognised(desk, asked, elsewhere):
    theirs = asked("groceries", org=elsewhere)
    address = begin(desk, "02 000 14 27")
    page = desk.get(address)
    assert not page.context["beside"].people
    assert not page.context["beside"].files
    # Not even when its keys are sent.
    sent = typed(desk, address, **MARIE, caller=str(theirs.case.person_id), case=str(theirs.case.pk))
    assert desk.post(address, sent).status_code == 302
    assert theirs.case.requests.count() == 1
    assert Case.objects.exclude(pk=theirs.case.pk).get().person_id != theirs.case.person_id


@pytest.mark.django_db
def test_places_are_suggested_however_they_are_written(desk):
    answer = desk.post(f"{TAKE}places/", {"place": "ixele"}).content.decode()
    assert "Ixelles (1050)" in answer
    assert desk.post(f"{TAKE}places/", {"place": "\x00"}).content.decode().strip() == ""


@pytest.mark.django_db
def test_signed_out_midway_the_draft_waits(desk, lotte, client):
    address = begin(desk)
    desk.post(f"{address}save/", {"caller_name": "Marie", "version": 1})
    client.logout()
    client.force_login(lotte)
    assert client.get(address).context["answers"]["caller_name"] == "Marie"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15", time(15)),
        ("15h", time(15)),
        ("15 h 30", time(15, 30)),
        ("15.30 uur", time(15, 30)),
        ("15:30", time(15, 30)),
        ("1530", time(15, 30)),
        ("8 Uhr", time(8)),
        ("24:00", time(23, 59)),
        ("25", None),
        ("15:61", None),
        ("noon", None),
    ],
)
def test_times_as_people_write_them(text, meant):
    assert parsing.clock_time(text) == meant


@given(st.text(max_size=30))
def test_no_time_or_day_breaks_the_reader(text):
    found = parsing.clock_time(text)
    assert found is None or isinstance(found, time)
    meant = parsing.day(text, date(2027, 1, 12))
    assert meant is None or isinstance(meant, date)


@given(st.times(), st.sampled_from(["{:%H:%M}", "{:%H.%M uur}", "{:%H h %M}", "{:%H%M}", "{:%H:%M Uhr}"]))
def test_every_way_of_writing_gives_the_same_time(when, way):
    assert parsing.clock_time(way.format(when)) == when.replace(second=0, microsecond=0)


@given(st.dates(date(2027, 1, 1), date(2027, 12, 31)))
def test_days_with_a_year_are_read_back(day):
    today = date(2027, 1, 12)
    assert parsing.day(day.isoformat(), today) == day
    assert parsing.day(f"{day.day}/{day.month}/{day.year}", today) == day
    assert parsing.day(f"{day.day}.{day.month}.{day.year % 100}", today) == day


@given(
    st.none() | st.dates(date(2027, 1, 1), date(2027, 2, 1)),
    st.none() | st.times(),
    st.none() | st.times(),
)
def test_a_window_is_never_over_or_backwards(day, start, end):
    try:
        begins, ends = parsing.window(day, start, end, now=NOON, zone=HERE, open_hours=(time(8), time(20)))
    except parsing.Over:
        return
    if begins is None or ends is None:
        assert day is start is end is None
        return
    assert begins < ends
    assert ends > NOON
    assert (ends - begins) <= timedelta(days=1, hours=2)


FIELDS = st.sampled_from([*parsing.WORDS, *parsing.LISTS, "nonsense", "csrfmiddlewaretoken"])


@given(st.dictionaries(FIELDS, st.text(max_size=60) | st.lists(st.text(max_size=10), max_size=3)))
def test_answers_keep_known_fields_only_and_nothing_that_cannot_be_stored(given_):
    kept = parsing.answers(given_)
    assert set(kept) == {*parsing.WORDS, *parsing.LISTS}
    for name, value in kept.items():
        for text in value if name in parsing.LISTS else [value]:
            text.encode()
            assert "\x00" not in text
    assert parsing.differing(kept, kept) == {}
    assert all(kind.code for kind in choices.KINDS)
