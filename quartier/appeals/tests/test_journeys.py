"""Each purpose from the coordinator's page to what the matcher sees, through the pages that people use."""

import re
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from quartier.appeals import actions, jobs
from quartier.appeals.models import Appeal, Invitation, RoleWish
from quartier.appeals.tests.conftest import ANDERLECHT
from quartier.lib import choices, clock
from quartier.matching import queries as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.team import actions as team
from quartier.team.access import of_account
from quartier.team.models import Role

pytestmark = pytest.mark.django_db
NEW = "/en/console/appeals/new/"


@pytest.fixture
def coordinator(thomas):
    client = Client()
    client.force_login(thomas)
    return client


def write(coordinator, purpose, **given):
    """Look at it, send it, let the worker work; the appeal."""
    typed = {"purpose": purpose, "wanted": "1", "idle_days": "30", **given}
    shown = coordinator.post(NEW, typed | {"do": "preview"})
    assert shown.status_code == 200, shown.content.decode()
    assert "That costs" in shown.content.decode()
    assert not Appeal.objects.exists()
    sent = coordinator.post(NEW, typed | {"do": "send"}, follow=True)
    assert sent.status_code == 200
    while jobs.waves():
        pass
    return Appeal.objects.get()


def link():
    """The address in the only message."""
    message = Message.objects.get(template__startswith="appeal_")
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def test_help_in_another_neighbourhood(coordinator, idle, asked, there, phone, organisation):
    (one,) = idle()
    request = asked("groceries", at=ANDERLECHT).requests[0]
    assert not matching.nearest(request, limit=5, radius_m=20_000, budget=None)
    appeal = write(coordinator, "place", area=str(there), kind="groceries")
    page = phone.get(link()).content.decode()
    assert 'name="do" value="yes"' in page
    # Looking changes nothing.
    assert Invitation.objects.get().state == "sent"
    shown = phone.post(link(), {"do": "yes"}, follow=True).content.decode()
    assert 'value="undo"' in shown
    found = matching.nearest(request, limit=5, radius_m=20_000, budget=None)
    assert [each.volunteer_id for each in found] == [one.pk]
    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.ENOUGH
    results = coordinator.get(f"/en/console/appeals/{appeal.pk}/").content.decode()
    assert "1 volunteer can be asked there for a month." in results
    # Taken back, they go as far as before.
    phone.post(link(), {"do": "undo"})
    one.refresh_from_db()
    assert one.radius_m == 2000


def test_a_month_later_they_go_as_far_as_before(made, idle, phone):
    (one,) = idle()
    phone.post(made().links[0], {"do": "yes"})
    one.refresh_from_db()
    assert one.radius_m > 2000
    with clock.stopped_at(clock.now() + timedelta(days=29)):
        assert not jobs.farther()
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert jobs.farther()
        assert not jobs.farther()
    one.refresh_from_db()
    assert one.radius_m == 2000


@pytest.mark.parametrize("worker_was_away", [False, True])
def test_two_appeals_one_after_the_other_end_where_the_first_began(made, idle, phone, worker_was_away):
    from quartier.lib import cells

    (one,) = idle()
    phone.post(made().links[0], {"do": "yes"})
    one.refresh_from_db()
    first = one.radius_m
    with clock.stopped_at(clock.now() + timedelta(days=15)):
        farther = cells.area_at(50.86, 4.27)
        phone.post(made(area=farther).links[0], {"do": "yes"})
        one.refresh_from_db()
        assert one.radius_m > first
    if not worker_was_away:
        with clock.stopped_at(clock.now() + timedelta(days=31)):
            jobs.farther()
            one.refresh_from_db()
            assert one.radius_m > first
    with clock.stopped_at(clock.now() + timedelta(days=46)):
        jobs.farther()
    one.refresh_from_db()
    assert one.radius_m == 2000


def test_what_they_have_changed_since_stays(made, idle, phone):
    (one,) = idle()
    phone.post(made().links[0], {"do": "yes"})
    people.change_readiness(actor=of_account(one.person.account), volunteer=one, radius_m=9000)
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        jobs.farther()
    one.refresh_from_db()
    assert one.radius_m == 9000


def test_another_kind_of_help(coordinator, idle, asked, phone):
    (one,) = idle(kinds=["groceries"])
    request = asked("talk").requests[0]
    assert not matching.nearest(request, limit=5, radius_m=20_000, budget=None)
    write(coordinator, "kind", kind="talk")
    phone.post(link(), {"do": "yes"})
    found = matching.nearest(request, limit=5, radius_m=20_000, budget=None)
    assert [each.volunteer_id for each in found] == [one.pk]
    phone.post(link(), {"do": "undo"})
    one.refresh_from_db()
    assert one.kinds == choices.kind("groceries").mask


def test_another_role(coordinator, idle, phone, organisation):
    (one,) = idle()
    write(coordinator, "role", role="operator")
    phone.post(link(), {"do": "yes"})
    phone.post(link(), {"do": "yes"})
    wish = RoleWish.objects.get()
    page = coordinator.get("/en/console/appeals/roles/").content.decode()
    assert one.person.name in page
    where = f"/en/console/appeals/roles/{wish.pk}/"
    for _twice in range(2):
        coordinator.post(where, {"do": "accept"})
    # A yes opens nothing yet: the training is next, and both see so.
    account = one.person.account
    assert not Role.objects.filter(account=account, name="operator").exists()
    assert [Message.objects.filter(template=f"role_{what}").count() for what in ("training", "given")] == [
        1,
        0,
    ]
    volunteer = Client(headers={"accept-language": "en"})
    volunteer.force_login(account)
    assert "/training/" in volunteer.get(reverse("volunteer_home")).content.decode()
    assert "The training is next." in volunteer.get(reverse("volunteer_training")).content.decode()
    assert volunteer.get(reverse("board")).status_code == 403
    assert one.person.name in coordinator.get("/en/console/appeals/roles/").content.decode()
    today = clock.now().date()
    for wrong in ("", "yesterday", str(today + timedelta(days=2))):
        coordinator.post(where, {"do": "passed", "passed_on": wrong})
    assert not Role.objects.filter(account=account, name="operator").exists()
    for _twice in range(2):
        coordinator.post(where, {"do": "passed", "passed_on": str(today)})
    assert Role.objects.filter(account=account, name="operator").count() == 1
    assert Message.objects.filter(template="role_given").count() == 1
    assert volunteer.get(reverse("board")).status_code == 200
    assert reverse("board") in volunteer.get(reverse("volunteer_training")).content.decode()
    assert "No one is waiting" in coordinator.get("/en/console/appeals/roles/").content.decode()
    # Settled, it is not taken away by an undo.
    phone.post(link(), {"do": "undo"})
    wish.refresh_from_db()
    assert wish.state == RoleWish.State.ACCEPTED


def test_no_role_without_its_training(coordinator, idle, phone, thomas, organisation):
    """Nobody trains themselves; a listener's training is recorded by a supervisor, and nowhere else."""
    (one,) = idle()
    account, actor = one.person.account, of_account(thomas)
    for name in ("operator", "listener"):
        with pytest.raises(team.NotTrained):
            team.give_role(actor=actor, account=account, name=name)
    with pytest.raises(team.NotTrained):
        team.record_pass(actor=actor, account=thomas, name="operator", passed_on=clock.now().date())
    with pytest.raises(Http404):
        team.record_pass(
            actor=of_account(account), account=account, name="operator", passed_on=clock.now().date()
        )
    write(coordinator, "role", role="listener")
    phone.post(link(), {"do": "yes"})
    where = f"/en/console/appeals/roles/{RoleWish.objects.get().pk}/"
    coordinator.post(where, {"do": "accept"})
    coordinator.post(where, {"do": "passed", "passed_on": str(clock.now().date())})
    assert not Role.objects.filter(account=account, name="listener").exists()
    assert (
        "A supervisor of the listeners records it."
        in coordinator.get("/en/console/appeals/roles/").content.decode()
    )


def test_a_wish_that_is_not_for_now(coordinator, made, idle, phone):
    idle()
    phone.post(made("role", role="ambassador").links[0], {"do": "yes"})
    wish = RoleWish.objects.get()
    coordinator.post(f"/en/console/appeals/roles/{wish.pk}/", {"do": "decline"})
    wish.refresh_from_db()
    assert wish.state == RoleWish.State.DECLINED
    assert not Message.objects.filter(template="role_given").exists()


def test_still_there(coordinator, idle, phone, tuesday):
    (one,) = idle()
    Volunteer.objects.update(created_at=tuesday - timedelta(days=60))
    write(coordinator, "still")
    phone.post(link(), {"do": "no"})
    one.refresh_from_db()
    assert one.state == Volunteer.State.PAUSED
    phone.post(link(), {"do": "yes"})
    one.refresh_from_db()
    assert one.state == Volunteer.State.ACTIVE


def test_no_and_later_change_nothing(made, idle, phone):
    idle(2)
    both = made(wanted=2)
    for where, said in zip(both.links, ("no", "later"), strict=True):
        page = phone.post(where, {"do": said}, follow=True)
        assert page.status_code == 200
    assert set(Volunteer.objects.values_list("radius_m", flat=True)) == {2000}
    assert {each.state for each in Invitation.objects.all()} == {"no", "later"}


def test_a_stopped_appeal_takes_no_answer(coordinator, made, idle, phone):
    (one,) = idle()
    appeal = made()
    coordinator.post(f"/en/console/appeals/{appeal.appeal.pk}/do/", {"do": "stop"})
    coordinator.post(f"/en/console/appeals/{appeal.appeal.pk}/do/", {"do": "stop"})
    page = phone.get(appeal.links[0]).content.decode()
    assert 'value="yes"' not in page
    phone.post(appeal.links[0], {"do": "yes"})
    one.refresh_from_db()
    assert one.radius_m == 2000


def test_the_links_of_who_is_suspended_open_nothing(made, idle, phone, thomas):
    (one,) = idle()
    appeal = made()
    people.suspend(actor=of_account(thomas), volunteer=one)
    assert phone.get(appeal.links[0]).status_code == 404


def test_what_is_wrong_is_said_and_kept(coordinator, there):
    typed = {
        "purpose": "place",
        "do": "send",
        "wanted": "many",
        "idle_days": "30",
        "place": "Nulle-Part-sur-Rien",
    }
    typed |= {"words_fr": "Voir example.com"}
    page = coordinator.post(NEW, typed)
    assert page.status_code == 422
    words = page.content.decode()
    assert "many" in words
    assert "Voir example.com" in words
    assert "A whole number from 1 to 50." in words
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("words", ["Voir bit.ly/xyz", "Donnez votre code PIN", "Bonjour {name}"])
def test_a_sentence_of_ones_own_is_looked_at(coordinator, there, words):
    typed = {"purpose": "place", "do": "send", "wanted": "1", "idle_days": "30", "area": str(there)}
    typed |= {f"words_{code}": words for code in ("fr", "nl", "de", "en")}
    page = coordinator.post(NEW, typed)
    assert page.status_code == 422
    assert "id_words_fr_error" in page.content.decode()
    assert "id_wanted_error" not in page.content.decode()


def test_a_sentence_of_ones_own_arrives_in_their_language(made, idle):
    idle()
    words = {code: f"Merci ({code})." for code in ("fr", "nl", "de", "en")}
    appeal = made(words=words)
    assert " Merci (fr)." in appeal.invitations[0].message.body


def test_the_same_appeal_again_is_the_same(made, idle):
    idle(3)
    assert made().appeal.pk == made().appeal.pk


def test_an_operator_and_another_organisation_see_nothing(made, idle, lotte, bram):
    idle()
    appeal = made()
    for account, status in ((lotte, 403), (bram, 404)):
        client = Client(SERVER_NAME=account.organisation.host or "testserver")
        client.force_login(account)
        assert client.get(f"/en/console/appeals/{appeal.appeal.pk}/").status_code == status


def test_a_coordinator_of_elsewhere_cannot_make_one_here(bram, there, idle):
    from django.http import Http404

    idle()
    asked = actions.Asked("place", 1, area=there)
    appeal = actions.make(actor=of_account(bram), asked=asked)
    assert actions.send_wave(appeal_id=appeal.pk) == []
    with pytest.raises(Http404):
        actions.make(actor=of_account(idle()[0].person.account), asked=asked)


def test_pages_take_the_same_queries_for_few_and_for_many(
    coordinator, idle, asked, made, thomas, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    one, _two = idle(2)
    RoleWish.objects.create(organisation=one.organisation, volunteer=one, role="listener", at=clock.now())
    appeal = made("role", role="helper").appeal
    asked("groceries", at=ANDERLECHT)
    pages = ["/en/console/appeals/", f"/en/console/appeals/{appeal.pk}/", "/en/console/appeals/roles/"]
    counts = {}
    for page in pages:
        coordinator.get(page)
        with CaptureQueriesContext(connection) as few:
            coordinator.get(page)
        counts[page] = len(few)
    for each in idle(6):
        RoleWish.objects.create(
            organisation=each.organisation, volunteer=each, role="listener", at=clock.now()
        )
    made("kind", kind="dog", wanted=3)
    made("role", role="ambassador", wanted=2)
    for number in range(3):
        asked("pharmacy", name=f"P{number} Q", at=ANDERLECHT)
    for page in pages:
        with django_assert_num_queries(counts[page]):
            coordinator.get(page)
    assert max(counts.values()) <= 22


def test_the_question_stands_on_their_own_page_until_it_is_answered(made, idle, phone):
    (one,) = idle()
    appeal = made()
    mine = Client()
    mine.force_login(one.person.account)
    assert appeal.links[0] in mine.get("/fr/volunteer/").content.decode()
    phone.post(appeal.links[0], {"do": "yes"})
    assert appeal.links[0] not in mine.get("/fr/volunteer/").content.decode()


def test_the_cost_is_shown_before_anything_is_sent(coordinator, idle, there, settings):
    from quartier.people.models import Person

    rows = idle(3)
    settings.TEXTS = ["http://gateway.example.com/send?cents=6#one"]
    for number, each in enumerate(rows):
        person = Person.objects.get(pk=each.person_id)
        person.channel, person.phone = "text", f"+3247012345{number}"
        person.save()
    typed = {"purpose": "place", "area": str(there), "wanted": "1", "idle_days": "30", "do": "preview"}
    typed |= {f"words_{code}": "Bonjour." for code in ("fr", "nl", "de", "en")}
    page = coordinator.post(NEW, typed).content.decode()
    # Three texts of one segment each, and nothing has been written.
    assert "That costs €0.18" in page
    assert "(3 text)" in page
    assert not Message.objects.exists()
