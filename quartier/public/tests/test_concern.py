"""Raising a concern by the public page and by one's own page; following it; the page of the trustee."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.alerts.jobs import climb
from quartier.alerts.models import Told
from quartier.alerts.queries import trustee_token
from quartier.alerts.rules import PATIENCE
from quartier.audit.models import Entry
from quartier.concerns import actions
from quartier.concerns.jobs import from_the_line
from quartier.concerns.models import Concern
from quartier.lib import clock
from quartier.limits import proof
from quartier.matching import actions as matching
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.team.models import Account, Role
from quartier.telephony import actions as line
from quartier.telephony.models import Audio
from quartier.telephony.tests.room import MARIE, Line, wav
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation", "tuesday", "thomas", "sara")]
GIVEN = {"about": "unknown", "words": "On m’a demandé ma carte."}


def words_of(answer):
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_anybody_can_raise_one_in_each_language(client, language):
    shown = client.get(f"/{language}/concern/")
    assert words_of(shown).index('href="tel:112"') < words_of(shown).index("<form method=")
    answer = client.post(
        f"/{language}/concern/", GIVEN | {"named": "Thomas", "contact": "0470 12 34 56"}, follow=True
    )
    assert answer.redirect_chain[0][0].startswith(f"/{language}/concern/")
    concern = Concern.objects.get()
    assert (concern.by, concern.named, concern.language, concern.unproven) == (
        "anybody",
        "Thomas",
        language,
        True,
    )
    assert "ma carte" not in words_of(answer)
    assert [row.person.account.name for row in Told.objects.all()] == ["Sara"]


def test_with_the_proof_of_work_it_is_not_marked(client):
    page = words_of(client.get("/fr/concern/"))
    challenge = re.search(r'data-proof="([^"]+)"', page)[1]
    client.post("/fr/concern/", GIVEN | {"proof": proof.solve(challenge)})
    assert not Concern.objects.get().unproven


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client):
    answer = client.post("/fr/concern/", {"words": "Quelque chose", "danger": "on"}, follow=True)
    assert "Choisissez de qui il s’agit" in words_of(answer)
    assert "Quelque chose" in words_of(answer)
    assert not Concern.objects.exists()


def test_too_many_from_one_address_are_asked_to_call(client):
    for _ in range(20):
        assert client.post("/fr/concern/", GIVEN).status_code == 302
    assert client.post("/fr/concern/", GIVEN).status_code == 429
    assert Concern.objects.count() == 20


def test_she_says_on_her_own_page_that_something_is_wrong_with_who_came(client, asked, youssef):
    opened = asked("groceries")
    offer = matching.send_wave(request_id=opened.requests[0].pk)[0]
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    assert "Quelque chose ne va pas" in words_of(client.get(f"/fr/status/{opened.token}/"))
    where = f"/fr/status/{opened.token}/wrong/"
    assert "Youssef" in words_of(client.get(where))
    answer = client.post(where, {"about": str(youssef.pk), "words": "Il est entré.", "danger": "on"})
    concern = Concern.objects.get()
    assert answer["Location"] == f"/fr/concern/{actions.token_of(concern)}/"
    assert (concern.volunteer, concern.by, concern.by_person) == (youssef, "helped", opened.case.person)
    assert concern.alert.degree == "danger"
    # It stands nowhere in her file.
    assert not [note for note in opened.case.notes.all() if "entré" in note.words]
    assert "entré" not in words_of(client.get(f"/fr/status/{opened.token}/"))


def test_about_somebody_who_never_came_is_not_taken(client, asked, youssef, nadia):
    opened = asked("groceries")
    answer = client.post(
        f"/fr/status/{opened.token}/wrong/", {"about": str(nadia.pk), "words": "x"}, follow=True
    )
    assert answer.status_code == 200
    assert not Concern.objects.exists()


def test_who_raised_it_reads_what_came_of_it(client, sara):
    follow = client.post("/fr/concern/", GIVEN)["Location"]
    assert "Quelqu’un le lit" in words_of(client.get(follow))
    actions.close(
        actor=of_account(sara), concern=Concern.objects.get(), words="Appelé.", answer="Nous l’avons vu."
    )
    assert "Nous l’avons vu." in words_of(client.get(follow))
    assert "Appelé." not in words_of(client.get(follow))


def test_the_trustee_reads_and_closes(client, sara, thomas):
    actions.trust(actor=of_account(sara), who=Who("Agnès", email="agnes@example.org", channel="email"))
    client.post("/fr/concern/", GIVEN | {"about": "team", "words": "Thomas et Sara"})
    concern = Concern.objects.get()
    where = reverse("concern_trustee", args=[trustee_token(concern.alert)])
    assert "Thomas et Sara" in words_of(client.get(where))
    assert client.post(where, {"words": "Parlé.", "outcome": ""}, follow=True).status_code == 200
    client.post(where, {"words": "Parlé.", "outcome": "Nous leur avons parlé."})
    concern.refresh_from_db()
    assert (concern.alert.state, concern.answer) == ("closed", "Nous leur avons parlé.")


@pytest.mark.parametrize(
    ("by", "contact", "says"),
    [
        ("anybody", "", "Elle le lit sur sa page."),
        ("phone", "+32470112233", "appelez-la pour le lui dire"),
        ("phone", "", "n’a laissé aucun moyen de la joindre"),
    ],
)
def test_the_trustee_is_told_how_the_answer_reaches_who_raised_it(
    client, organisation, sara, thomas, by, contact, says
):
    """And not that the team reads what was done: it is about the team."""
    actions.trust(actor=of_account(sara), who=Who("Agnès", email="agnes@example.org", channel="email"))
    said = actions.Raised("team", "Thomas et Sara", by, contact=contact)
    concern, _new = actions.raise_concern(actor=system(organisation), said=said)
    page = words_of(client.get(f"/fr/concern/{trustee_token(concern.alert)}/trusted/"))
    assert says in page
    assert "équipe lit" not in page


def test_the_trustee_hears_what_was_said_on_the_line(client, organisation, sara, thomas):
    actions.trust(actor=of_account(sara), who=Who("Agnès", email="agnes@example.org", channel="email"))
    room = Line(organisation)
    call = room.rings()
    line.call_worried(organisation=organisation, call_id=call, at=clock.now())
    line.message_left(organisation=organisation, call_id=call, sound=wav(3), seconds=3, at=clock.now())
    room.ends(call, "voicemail", worried=True)
    assert from_the_line()
    concern, audio = Concern.objects.get(), Audio.objects.get()
    # It is about one of the two who could look after it; the other one is away.
    actions.name_whom(actor=of_account(sara), concern=concern, account=thomas)
    Account.objects.filter(pk=sara.pk).update(is_active=False)
    with clock.stopped_at(clock.now() + PATIENCE):
        climb()
    token = trustee_token(concern.alert)
    where = reverse("concern_trustee_sound", args=[token, audio.pk])
    page = client.get(reverse("concern_trustee", args=[token])).content.decode()
    assert where in page
    assert f'href="tel:{MARIE}"' in page
    assert client.get(where).content[:4] == b"RIFF"
    assert Entry.objects.filter(verb="audio.look", subject_id=audio.pk, actor_kind="link").exists()
    other = reverse("concern_trustee_sound", args=["x" * 43, audio.pk])
    assert client.get(other).status_code == 404
    # Whom it is about hears nothing, should the link come to them.
    client.force_login(thomas)
    assert client.get(where).status_code == 404


def test_a_link_that_opens_nothing(client):
    for name in ("concern_follow", "concern_trustee"):
        assert client.get(reverse(name, args=["x" * 32])).status_code == 404


def test_of_elsewhere_it_opens_nothing(client, elsewhere, settings):
    settings.ALLOWED_HOSTS = ["*"]
    follow = client.post("/fr/concern/", GIVEN)["Location"]
    assert client.get(follow, headers={"host": "gent.example.org"}).status_code == 404


def test_of_several_dangers_at_once_none_is_said_to_be_read_by_nobody(client, organisation, sara):
    """Whoever was told of one a moment ago reads of the others together."""
    pages = []
    for words in ("Des cris.", "Des coups.", "De la fumée."):
        clock.advance(timedelta(seconds=20))
        raised = actions.Raised("unknown", words, "anybody", danger=True)
        concern, token = actions.raise_concern(actor=system(organisation), said=raised)
        pages.append(words_of(client.get(reverse("concern_follow", args=[token]))))
    assert concern.alert.told == 0
    assert not [page for page in pages if "no one who may read it" in page]
    assert all("Someone is being alerted now" in page for page in pages)
    # Where there is nobody, that is said.
    Role.objects.filter(organisation=organisation).delete()
    clock.advance(timedelta(hours=2))
    raised = actions.Raised("unknown", "Du sang.", "anybody", danger=True)
    _concern, token = actions.raise_concern(actor=system(organisation), said=raised)
    assert "no one who may read it" in words_of(client.get(reverse("concern_follow", args=[token])))
