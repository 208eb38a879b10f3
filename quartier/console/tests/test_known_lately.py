"""What every room knows of one person is one line of time in their file, and on the page of an alert about them."""

# ruff: noqa: F811 (fixtures of another room)

import re
from datetime import timedelta

import pytest

from quartier.alerts.models import Alert
from quartier.companions import actions as companions
from quartier.companions.tests import scene
from quartier.followup import actions as followup
from quartier.followup.actions import Agreed
from quartier.followup.models import FollowUp
from quartier.followup.tests.conftest import pass_time  # noqa: F401
from quartier.lib import cells, clock
from quartier.matching import actions as matching
from quartier.people.lately import known_lately, last_met_words
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
FLAGEY = (50.8276, 4.3721)


@pytest.fixture
def known(tuesday, asked, account, lotte, thomas, youssef, pass_time):
    """Marie was visited, then did not answer a check-in, then two calls; and she waits for a meal."""
    opened = asked("groceries", urgency="day")
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.done(actor=actor, assignment=visit)
    case, person = opened.case, opened.case.person
    words = Agreed(("heat",), "call", clock.now().date(), cell=cells.cell_at(*FLAGEY), postcode="1050")
    followup.agree(actor=of_account(thomas), person=person, agreed=words)
    clock.advance(timedelta(minutes=10))
    followup.start(actor=of_account(thomas), plan=followup.Plan("heat"))
    pass_time(minutes=1)
    amina = account("Amina", "supervisor")
    hadija = scene.trained(amina, account("Hadija"))
    pairing = scene.propose(amina, scene.wished(lotte, case), hadija)
    pairing = scene.begin(hadija, scene.agree(amina, hadija, pairing))
    clock.advance(timedelta(days=1, hours=6))
    for talk in pairing.talks.order_by("at")[:2]:
        companions.mark(actor=of_account(hadija.account), talk=talk, state="not_reached")
    asked("meal", urgency="day")
    return case


@pytest.mark.parametrize("where", ["file", "alert"])
def test_it_is_one_line_of_time(known, signed_in, thomas, where):
    page = f"cases/{known.pk}/" if where == "file" else f"alerts/{Alert.objects.get().pk}/"
    words = signed_in(thomas).get(f"/en/console/{page}").content.decode()
    told = re.search(r"What we have heard from them lately</h[23]>(.*?)</ul>", words, re.DOTALL)
    assert told is not None
    found = [
        re.sub(r"<[^>]+>", " ", line).strip() for line in re.findall(r"<li>(.*?)</li>", told[1], re.DOTALL)
    ]
    said = [
        "asked for:",
        "not reached by Hadija",
        "not reached by Hadija",
        "did not answer",
        "seen at home by Youssef",
    ]
    # The newest first.
    assert len(found) == len(said)
    assert all(part in line for part, line in zip(said, found, strict=True)), found


def test_a_visit_of_which_they_say_that_it_did_not_happen_is_not_what_we_know(known):
    visit = Assignment.objects.get(state="done")
    row = FollowUp.objects.filter(assignment=visit).first() or FollowUp.objects.create(
        organisation=visit.organisation, assignment=visit, person=known.person, token_hash="x",
        due_at=clock.now(), expires_at=clock.now() + timedelta(days=2),
    )  # fmt: skip
    assert "visited" in {fact.code for fact in known_lately(known.person)}
    FollowUp.objects.filter(pk=row.pk).update(happened=False, state="answered", answered_at=clock.now())
    facts = known_lately(known.person)
    assert "visited" not in {fact.code for fact in facts}
    assert "Youssef" not in last_met_words(facts)
