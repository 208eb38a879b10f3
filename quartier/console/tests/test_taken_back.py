"""What one of the team has pressed can be taken back: "I take it", and a yes that was heard on the phone."""

from datetime import timedelta

import pytest

from quartier.audit.models import Entry
from quartier.cases import actions as cases
from quartier.cases.rules import NotPossible
from quartier.console.words import VISITS
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.queries import open_about
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
BOARD = "/en/console/"


def page_of(request):
    return f"/en/console/requests/{request.pk}/"


def do(client, request, **given):
    return client.post(f"{page_of(request)}do/", given, follow=True).content.decode()


# ---- "I take it" ----


def test_what_was_taken_is_given_back_on_the_board_and_on_the_page(desk, request_, thomas):
    assert "Give it back" not in desk.get(BOARD).content.decode()
    do(desk, request_, do="take")
    for page in (BOARD, page_of(request_)):
        assert "Give it back" in desk.get(page).content.decode()
    text = do(desk, request_, do="release")
    assert "no one has it now" in text
    assert "Given back, by Thomas" in text
    request_.refresh_from_db()
    assert request_.taken_by is None
    promise = open_about("request", request_.pk)
    assert promise is not None
    assert promise.owner is None
    # Twice changes nothing.
    do(desk, request_, do="release")
    assert Entry.objects.filter(verb="request.give_back").count() == 1


def test_only_who_has_it_or_coordinates_gives_it_back(request_, thomas, lotte, tuesday):
    cases.take(actor=of_account(thomas), request=request_)
    with pytest.raises(NotPossible):
        cases.release(actor=of_account(lotte), request=request_)
    cases.take(actor=of_account(lotte), request=request_)
    assert cases.release(actor=of_account(thomas), request=request_).taken_by is None


def test_what_was_taken_from_a_colleague_by_mistake_is_theirs_again(desk, request_, thomas, lotte):
    cases.take(actor=of_account(lotte), request=request_)
    do(desk, request_, do="take")
    do(desk, request_, do="take")
    text = do(desk, request_, do="release")
    assert "Given back: Lotte" in text
    assert "Given back, by Thomas" in text
    request_.refresh_from_db()
    assert request_.taken_by == lotte
    assert open_about("request", request_.pk).owner == lotte
    do(desk, request_, do="take")
    clock.advance(timedelta(minutes=11))
    do(desk, request_, do="release")
    request_.refresh_from_db()
    assert request_.taken_by is None


def test_whoever_has_called_them_since_has_taken_it_on_purpose(desk, request_, thomas, lotte):
    cases.take(actor=of_account(lotte), request=request_)
    clock.advance(timedelta(minutes=1))
    do(desk, request_, do="take")
    clock.advance(timedelta(minutes=1))
    do(desk, request_, do="contact", sure="1")
    assert "no one has it now" in do(desk, request_, do="release")
    request_.refresh_from_db()
    assert request_.taken_by is None


# ---- a yes on the phone ----


def test_the_address_is_asked_about_before_it_is_disclosed(desk, request_, youssef):
    text = desk.get(f"{page_of(request_)}?candidates=1").content.decode()
    box = text[text.index('<details class="yes-by-phone">') :].split("</details>")[0]
    assert "Has Youssef said so to you? Youssef sees the address" in box
    assert text.count('value="accept"') == text.count('<details class="yes-by-phone">') > 0


def test_the_history_says_who_wrote_down_the_yes(desk, request_, youssef, nadia):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    assert "Youssef said yes on the phone, recorded by Thomas" in desk.get(page_of(request_)).content.decode()


def test_a_yes_of_their_own_is_theirs_and_cannot_be_taken_back(desk, request_, youssef, nadia, thomas):
    offer = next(o for o in matching.send_wave(request_id=request_.id) if o.volunteer_id == youssef.id)
    own = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=own, offer=offer).assignment
    text = desk.get(page_of(request_)).content.decode()
    assert "Youssef said yes" in text
    assert "recorded by" not in text
    assert 'value="undo"' not in text
    with pytest.raises(NotPossible):
        visits.undo_acceptance(actor=of_account(thomas), assignment=visit)


def test_a_yes_on_the_phone_is_taken_back_before_anybody_hears_it(desk, request_, youssef):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    visit = Assignment.objects.get()
    text = desk.get(page_of(request_)).content.decode()
    assert "Undo the yes of Youssef" in text
    text = do(desk, request_, do="undo", assignment=visit.pk)
    assert "The yes of Youssef was undone by Thomas" in text
    assert "no longer needs to go" not in text
    visit.refresh_from_db()
    request_.refresh_from_db()
    youssef.refresh_from_db()
    assert (visit.state, request_.state, request_.accepted) == ("cancelled", "open", 0)
    assert (youssef.open_count, youssef.accepted_total) == (0, 0)
    unsent = Message.objects.filter(template__in=["accepted", "someone_comes"])
    assert {message.state for message in unsent} == {"cancelled"}
    assert not Message.objects.filter(template__in=["visit_cancelled", "looking_again"]).exists()


def test_whoever_has_heard_it_already_hears_that_it_is_not_so(desk, request_, youssef):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    Message.objects.update(state="sent")
    do(desk, request_, do="undo", assignment=Assignment.objects.get().pk)
    assert Message.objects.filter(template="visit_cancelled", person=youssef.person).count() == 1
    assert Message.objects.filter(template="looking_again").count() == 1


def test_after_ten_minutes_it_stays(desk, request_, youssef, tuesday):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    visit = Assignment.objects.get()
    with clock.stopped_at(tuesday + timedelta(minutes=10)):
        assert 'value="undo"' not in desk.get(page_of(request_)).content.decode()
        assert "Nothing was changed" in do(desk, request_, do="undo", assignment=visit.pk)
    visit.refresh_from_db()
    assert visit.state == "accepted"


# ---- the numbers of whoever is to be called ----


def test_who_comes_and_who_could_come_have_a_number_and_a_page(desk, request_, youssef, nadia):
    youssef.person.phone = "+32470001122"
    youssef.person.save()
    text = desk.get(f"{page_of(request_)}?candidates=1").content.decode()
    assert text.count(f'href="tel:{youssef.person.phone}"') == 1
    assert Entry.objects.filter(verb="volunteers.look", subject_id=request_.pk).count() == 1
    do(desk, request_, do="accept", volunteer=youssef.pk)
    box = desk.get(page_of(request_)).content.decode().split('class="going"')[1].split("</form>")[0]
    assert f"/volunteers/{youssef.pk}/" in box
    assert f'href="tel:{youssef.person.phone}"' in box


def test_who_has_taken_a_yes_back_stands_no_longer_as_a_plain_yes(desk, request_, youssef):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    visit = Assignment.objects.get()

    def said():
        (one,) = desk.get(page_of(request_)).context["offers"]
        return one["state"]

    assert said() == "yes"
    visits.could_not(actor=of_account(youssef.person.account), assignment=visit, failure="cannot_go")
    visit.refresh_from_db()
    assert visit.state in {"cancelled", "failed"}
    assert said() == f"yes, {VISITS[visit.state]}"
    row = desk.get(page_of(request_)).content.decode().split('id="who-was"')[1].split("</ul>")[0]
    assert "tag-done" not in row
