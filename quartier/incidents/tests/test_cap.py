"""Alerts in CAP 1.2: what is read, what they propose, what takes it back; nothing that is sent here can break it."""

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.error import HTTPError
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.audit.models import Entry
from quartier.incidents import actions, jobs, queries
from quartier.incidents.actions import Opening
from quartier.incidents.cap import fetching, meaning
from quartier.incidents.cap.reading import MOST_BYTES, Area, NotAnAlert, read
from quartier.incidents.cap.where import touches
from quartier.incidents.models import Feed, Incident, Proposal
from quartier.lib import clock
from quartier.team.access import of_account, system

SAMPLES = Path(__file__).parent / "samples"
NAMES = {
    "flood": "flood",
    "heat": "heatwave",
    "storm": "blackout",
    "power": "blackout",
    "evacuate": "refugees",
}
NOW = datetime(2027, 1, 12, 10, tzinfo=UTC)
FEED = "https://feeds.meteoalarm.org/feeds/belgium"


def sample(name, **changes):
    """A sample; `changes`: text of an element, in all places."""
    data = (SAMPLES / f"{name}.xml").read_text()
    for element, text in changes.items():
        before, _, rest = data.partition(f"<{element}>")
        data = f"{before}<{element}>{text}</{element}>{rest.partition(f'</{element}>')[2]}"
    return data.encode()


def following(name, kind, identifier="example.next"):
    """A message of the same sender about the one in the sample."""
    reference = f"alerts@example.org,example.{name}.1,2027-01-12T08:00:00+01:00"
    data = sample(name, identifier=identifier, msgType=kind).decode()
    return data.replace(
        "<scope>Public</scope>", f"<scope>Public</scope><references>{reference}</references>"
    ).encode()


@pytest.fixture
def hear(organisation, places, tuesday):
    def one(data, by_hand=False):
        return actions.hear_alert(actor=system(organisation), alert=read(data), by_hand=by_hand)

    return one


@pytest.mark.parametrize(("name", "template"), NAMES.items())
def test_what_the_samples_speak_of(name, template):
    alert = read(sample(name))
    assert meaning.template_of(alert) == template
    assert meaning.proposes(alert, NOW, by_hand=False)
    assert not meaning.proposes(alert, NOW + timedelta(days=2), by_hand=True)


def test_everything_that_is_needed_is_read():
    alert = read(sample("flood"))
    assert [info.language for info in alert.infos] == ["fr", "de"]
    assert meaning.headlines(alert.infos)["de"] == "Hochwasser an Weser und Ourthe"
    assert meaning.areas(alert.infos) == "Vallée de la Vesdre, Tal der Weser"
    assert meaning.expires(alert) == datetime(2027, 1, 13, 19, tzinfo=UTC)
    assert len(alert.infos[0].areas[0].polygons[0]) == 5
    assert not alert.signed


def test_a_signature_is_said_and_not_looked_at():
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><x/></Signature></alert>'
    assert read(sample("heat").decode().replace("</alert>", signature).encode()).signed


@pytest.mark.parametrize("changes", [
    {"status": "Exercise"}, {"status": "Test"}, {"msgType": "Cancel"}, {"msgType": "Ack"},
    {"expires": "2027-01-12T10:30:00+01:00"}, {"certainty": "Unlikely"},
])  # fmt: skip
@pytest.mark.parametrize("name", ["storm", "power"])
def test_what_is_not_real_or_over_proposes_nothing(name, changes):
    assert not meaning.proposes(read(sample(name, **changes)), NOW, by_hand=True)


def test_a_small_one_proposes_only_when_somebody_brings_it():
    small = read(sample("storm", severity="Moderate"))
    assert not meaning.proposes(small, NOW, by_hand=False)
    assert meaning.proposes(small, NOW, by_hand=True)


@pytest.mark.parametrize("event", ["Fog", "Avalanche", "Brouillard givrant"])
def test_what_fits_no_template_proposes_nothing(event):
    assert meaning.template_of(read(sample("storm", event=event))) == ""


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;">]><alert>&c;&c;&c;</alert>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><alert>&b;</alert>'


@pytest.mark.parametrize("data", [
    b"", b"\x00", b"<alert/>", b"{}", BOMB, OUTSIDE, b"<alert>" * 50_000, b"x" * (MOST_BYTES + 1),
    b'<?xml version="1.0" encoding="martian"?><alert/>', sample("heat", status="Perhaps"),
    sample("heat", sent="yesterday"), sample("heat", sent="2027-01-12T08:00:00"), sample("heat", identifier=""),
])  # fmt: skip
def test_what_is_no_alert_is_refused(data):
    with pytest.raises(NotAnAlert):
        read(data)


PIECES = st.sampled_from([
    "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>", "</alert>", "<info>", "</info>", "<polygon>", "</polygon>",
    "1,2 nan,4 1,2", "<circle>", "</circle>", "1,2 inf", "1,2,3 -4", "<expires>9999-12-31T23:59:59-14:00</expires>",
    "<sent>2000-01-01T00:00:00+23:59</sent>", "<references>", "</references>", ",,, , a,b", "<area>", "</area>",
    "<msgType>Alert</msgType>", "<status>Actual</status>",
    "<parameter><valueName>awareness_type</valueName></parameter>",
    "<identifier>x</identifier>", "<sender>y</sender>", "&lt;", "&x;", "<!DOCTYPE x>", "]]>", "\ud800",
])  # fmt: skip


def read_or_refused(data):
    try:
        alert = read(data)
    except NotAnAlert:
        return
    meaning.proposes(alert, NOW, by_hand=True)
    meaning.headlines(alert.infos)
    meaning.areas(alert.infos)


@settings(deadline=None)
@given(st.binary() | st.text().map(lambda text: text.encode(errors="replace")))
def test_any_bytes_are_read_or_refused(data):
    read_or_refused(data)


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25))
def test_any_pieces_of_an_alert_are_read_or_refused(pieces):
    read_or_refused("".join(pieces).encode(errors="surrogatepass"))


@settings(deadline=None)
@given(st.sampled_from(sorted(NAMES)), st.data())
def test_a_damaged_alert_is_read_or_refused(name, data):
    whole = bytearray(sample(name))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def square(lat, lon, half):
    low, high, west, east = lat - half, lat + half, lon - half, lon + half
    return ((low, west), (low, east), (high, east), (high, west), (low, west))


@pytest.mark.parametrize(("area", "found"), [
    (Area("", polygons=(square(50.83, 4.37, 0.2),)), True),
    (Area("", polygons=(square(48.8, 2.3, 0.2),)), False),
    # So small that no place lies in it, and a place is near.
    (Area("", polygons=(square(50.83, 4.38, 0.001),)), True),
    # Around everything.
    (Area("", polygons=(square(50, 5, 20),)), True),
    (Area("", circles=((50.83, 4.37, 1.0),)), True),
    (Area("", circles=((48.8, 2.3, 30.0),)), False),
    (Area("", geocodes=(("EMMA_ID", "BE004"),)), True),
    (Area("", geocodes=(("EMMA_ID", "FR433"),)), False),
    (Area("", geocodes=(("SAME", "006109"),)), None),
    (Area("Somewhere"), None),
])  # fmt: skip
def test_whether_it_touches_the_country(places, area, found):
    assert touches([area], "BE") is found


@pytest.mark.parametrize(("name", "template"), NAMES.items())
def test_it_proposes_and_never_opens(hear, organisation, name, template):
    assert hear(sample(name)) == "proposed"
    assert hear(sample(name)) == "known"
    (proposal,) = queries.proposed(organisation, NOW)
    assert proposal.template == template
    assert not Incident.objects.exists()
    assert queries.proposed(organisation, NOW + timedelta(days=2)) == []
    assert Entry.objects.get().verb == "incident.propose"


def test_elsewhere_it_proposes_nothing(hear, organisation):
    organisation.country = "FR"
    organisation.save()
    assert hear(sample("heat")) == "nothing"
    assert hear(sample("flood")) == "nothing"
    # No place of France is known here: whoever brings it knows better.
    assert hear(sample("flood"), by_hand=True) == "proposed"


def test_an_update_replaces_and_a_cancel_takes_back(hear, organisation):
    hear(sample("flood"))
    assert hear(following("flood", "Update")) == "proposed"
    assert [each.identifier for each in queries.proposed(organisation, NOW)] == ["example.next"]
    assert hear(following("flood", "Cancel", "example.third")) == "nothing"
    last = following("flood", "Cancel", "example.fourth").replace(b"example.flood.1,", b"example.next,")
    assert hear(last) == "withdrawn"
    assert queries.proposed(organisation, NOW) == []
    assert set(Proposal.objects.values_list("state", flat=True)) == {"replaced", "withdrawn"}


def test_an_exercise_or_somebody_else_takes_nothing_back(hear, organisation):
    hear(sample("flood"))
    hear(following("flood", "Cancel").replace(b"Actual", b"Exercise"))
    hear(following("flood", "Cancel", "other").replace(b"<sender>alerts@", b"<sender>forged@"))
    assert len(queries.proposed(organisation, NOW)) == 1


def test_what_was_set_aside_stays_aside_when_it_is_updated(hear, organisation, sara):
    hear(sample("flood"))
    (proposal,) = queries.proposed(organisation, NOW)
    assert actions.dismiss(actor=of_account(sara), proposal=proposal)
    assert not actions.dismiss(actor=of_account(sara), proposal=proposal)
    hear(following("flood", "Update"))
    assert queries.proposed(organisation, NOW) == []


def test_opened_of_a_proposal(hear, organisation, sara):
    hear(sample("heat"))
    (proposal,) = queries.proposed(organisation, NOW)
    opening = Opening("heatwave", ["lookin"])
    incident = actions.open_incident(
        actor=of_account(sara), incident_id=uuid4(), opening=opening, proposal_id=proposal.pk
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.incident, proposal.decided_by) == ("opened", incident, sara)
    # The next days' alerts say nothing new while it runs.
    assert hear(following("heat", "Alert")) == "running"
    assert queries.proposed(organisation, NOW) == []


@pytest.mark.parametrize("address", [
    "http://feeds.meteoalarm.org/x", "https://example.org/x", "https://feeds.meteoalarm.org:8443/x",
    "https://a:b@feeds.meteoalarm.org/x", "https://feeds.meteoalarm.org.example.org/", "file:///etc/passwd",
    "https://[", "",
])  # fmt: skip
def test_only_hosts_of_the_installation_are_read(db, sara, address):
    with pytest.raises(actions.NotAllowed):
        actions.add_feed(actor=of_account(sara), address=address)
    with pytest.raises(fetching.NotReachable):
        fetching.fetch(address)


class Answers:
    """Stands for the network: what each address answers, and what was asked of it."""

    def __init__(self, monkeypatch):
        self.given, self.asked = {}, []
        monkeypatch.setattr(fetching, "_open", self)

    def __call__(self, request, timeout):
        self.asked.append(request)
        answer = self.given.get(request.full_url, TimeoutError())
        if isinstance(answer, Exception):
            raise answer
        return _Body(answer)


class _Body:
    def __init__(self, data):
        self.data, self.headers = data, {"ETag": '"one"', "Last-Modified": "Tue, 12 Jan 2027 07:00:00 GMT"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, most):
        part, self.data = self.data[:most], self.data[most:]
        return part


@pytest.fixture
def network(monkeypatch):
    return Answers(monkeypatch)


@pytest.fixture
def feed(places, sara, tuesday):
    return actions.add_feed(actor=of_account(sara), address=FEED)


def test_a_feed_is_read_and_asked_only_for_what_is_new(feed, network, organisation):
    network.given[FEED] = sample("heat")
    assert jobs.read_feeds() == 1
    assert len(queries.proposed(organisation, NOW)) == 1
    network.given[FEED] = HTTPError(FEED, 304, "Not Modified", {}, None)
    assert jobs.read_feeds() == 0
    assert network.asked[1].get_header("If-none-match") == '"one"'
    feed.refresh_from_db()
    assert (feed.problem, feed.etag) == ("", '"one"')


def test_an_atom_feed_leads_to_its_alerts_and_nowhere_else(feed, network, organisation):
    entries = "".join(
        f'<entry><link href="{link}" type="application/cap+xml"/></entry>'
        for link in ("/one", "https://example.org/two", "/gone")
    )
    network.given[FEED] = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    network.given["https://feeds.meteoalarm.org/one"] = sample("heat")
    network.given["https://example.org/two"] = sample("flood")
    jobs.read_feeds()
    assert [each.template for each in queries.proposed(organisation, NOW)] == ["heatwave"]
    asked = [request.full_url for request in network.asked]
    assert "https://example.org/two" not in asked
    jobs.read_feeds()
    # The one that did not answer is tried again, the other is not read twice.
    assert [request.full_url.rpartition("/")[2] for request in network.asked[3:]] == ["belgium", "gone"]


@pytest.mark.parametrize(("answer", "problem"), [
    (b"<html>Sorry</html>", "shape"), (b"", "shape"), (b"x" * 5_000_000, "long"), (TimeoutError(), "answer"),
    (HTTPError(FEED, 302, "Found", {}, None), "answer"), (HTTPError(FEED, 500, "Oh", {}, None), "answer"),
    (ValueError("garbage"), "answer"), (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', ""),
    (b"<rss><channel><item/><item><link> </link></item></channel></rss>", ""),
])  # fmt: skip
def test_bad_answers_are_harmless_and_said(feed, network, answer, problem):
    network.given[FEED] = answer
    assert jobs.read_feeds() == 0
    feed.refresh_from_db()
    assert feed.problem == problem
    assert feed.read_at == clock.now()


def test_three_feeds_at_most_and_the_same_one_once(feed, sara, bram):
    head = of_account(sara)
    assert actions.add_feed(actor=head, address=FEED) == feed
    for number in range(2):
        actions.add_feed(actor=head, address=f"{FEED}{number}")
    with pytest.raises(actions.TooMany):
        actions.add_feed(actor=head, address=f"{FEED}9")
    assert not actions.drop_feed(actor=of_account(bram), feed_id=feed.pk)
    assert actions.drop_feed(actor=head, feed_id=feed.pk)
    assert Feed.objects.count() == 2


class _Sends(BaseHTTPRequestHandler):
    """Sends elsewhere on the same machine, and notes what was asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302 if self.path == "/feed" else 200)
        self.send_header("Location", "/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_given):
        pass


def test_nobody_is_sent_elsewhere_by_a_feed(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), _Sends)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        monkeypatch.setattr(fetching, "is_allowed", lambda _address: True)
        with pytest.raises(fetching.NotReachable) as refused:
            fetching.fetch(f"http://127.0.0.1:{server.server_port}/feed")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert refused.value.code == "answer"
    assert _Sends.asked == ["/feed"]
