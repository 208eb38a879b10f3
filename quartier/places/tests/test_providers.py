"""The geocoders, against a server on this machine that answers, errs, hangs and lies."""

import json
import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from quartier.lib import clock
from quartier.places import providers, queries
from quartier.places.models import Precision
from quartier.places.providers import base

pytestmark = [pytest.mark.either, pytest.mark.usefixtures("belgium")]

POINT = (50.8301, 4.3612)  # rue du Bailli


def nominatim(lat=POINT[0], lon=POINT[1], country="be", postcode="1050", town="Ixelles"):
    address = {"road": "Rue du Bailli", "town": town, "postcode": postcode, "country_code": country}
    return [{"lat": str(lat), "lon": str(lon), "addresstype": "road", "address": address}]


def feature(**properties):
    return {"features": [{"geometry": {"coordinates": [POINT[1], POINT[0]]}, "properties": properties}]}


ANSWERS = {
    "nominatim": nominatim(),
    "photon": feature(type="street", name="Rue du Bailli", city="Ixelles", postcode="1050", countrycode="BE"),
    "pelias": feature(
        layer="street", street="Rue du Bailli", locality="Ixelles", postalcode="1050", country_code="BE"
    ),
}


class Server(ThreadingHTTPServer):
    """Answers with `body` and `status`, or behaves as `manner` says."""

    daemon_threads = True
    body = b"[]"
    status = 200
    manner = ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.stop = threading.Event()

    def handle_error(self, request, client_address):
        """The client leaves early in these tests."""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        if server.manner == "hang":
            server.stop.wait(20)
            return
        if server.manner == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{")
            return
        if server.manner == "no http":
            self.wfile.write(b"\x00\xff nonsense\r\n\r\n")
            return
        if server.manner == "elsewhere" and self.path != "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        self.send_response(server.status)
        self.end_headers()
        if server.manner == "drip":
            while not server.stop.wait(0.05):
                self.wfile.write(b" ")
        self.wfile.write(server.body)

    def log_message(self, *args):
        pass


def test_a_server_that_sends_elsewhere_is_not_followed(server, settings):
    """Elsewhere would learn the address, and may be inside."""
    server.manner, server.body = "elsewhere", json.dumps(nominatim()).encode()
    made = geocoder(server, settings=settings)
    with pytest.raises(base.GeocoderError, match="HTTPError 302"):
        made.outside.ask("rue du Bailli, Ixelles", "BE", "fr", 5)
    assert len(server.asked) == 1
    assert "/elsewhere" not in server.asked


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    providers.chosen.cache_clear()
    yield running
    running.stop.set()
    running.shutdown()
    running.server_close()
    thread.join()
    providers.chosen.cache_clear()


def geocoder(server, name="nominatim", settings=None, **options):
    made = providers.chosen(f"{name}:{server.address}")
    made.outside.timeout_s = options.get("timeout_s", made.outside.timeout_s)
    if settings is not None:
        settings.GEOCODER = f"{name}:{server.address}"
    return made


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_each_geocoder_finds_the_street(server, settings, name):
    server.body = json.dumps(ANSWERS[name]).encode()
    geocoder(server, name, settings)
    found = providers.geocode("rue du Bailli, Elsene", "be", "nl")
    assert (found[0].label, found[0].street) == ("Elsene (1050)", "Rue du Bailli")
    assert (found[0].lat, found[0].lon) == POINT
    assert found[0].precision == Precision.STREET
    assert found[0].certain
    query = parse_qs(urlsplit(server.asked[0]).query)
    values = [value for several in query.values() for value in several]
    assert "rue du Bailli, Elsene" in values
    assert "be" in [value.lower() for value in values]


def test_a_key_in_the_address_is_sent_and_not_logged(server, settings, caplog):
    settings.GEOCODER = f"pelias:{server.address}/v1?api_key=secret"
    server.status = 500
    with caplog.at_level(logging.DEBUG):
        providers.geocode("rue du Bailli, Ixelles", "BE", "fr")
    assert server.asked[0].startswith("/v1/search?api_key=secret&")
    assert "secret" not in caplog.text
    assert "Bailli" not in caplog.text
    assert "pelias failed" in caplog.text


def test_nothing_is_asked_when_the_gazetteer_knows(server, settings):
    geocoder(server, settings=settings)
    assert providers.geocode("1050", "BE", "fr")[0].certain
    assert providers.geocode("", "BE", "fr") == []
    assert providers.geocode("\0\ud800", "BE", "fr") == []
    assert server.asked == []


BODIES = [
    b"",
    b"<html>",
    b"null",
    b"{}",
    b'[1, null, "x", {}]',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"features": 3}',
    b'{"error": "you may not"}',
    json.dumps([{"lat": "x", "lon": None, "address": {}}]).encode(),
    json.dumps(nominatim(lat="nan")).encode(),
    json.dumps(nominatim(lat=999)).encode(),
    json.dumps(nominatim(country="fr")).encode(),
    json.dumps(nominatim(postcode=["1050"], country=None)).encode(),
    json.dumps(nominatim(lat=51.2, lon=2.9, postcode="8400", town="Oostende")).encode(),
    json.dumps(nominatim(lat=51.2, lon=2.9)).encode(),
    b" " * 600_000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_garbage_gives_what_the_gazetteer_gives(server, settings, name, body):
    server.body = body
    geocoder(server, name, settings)
    text = "rue du Bailli, Ixelles"
    assert providers.geocode(text, "BE", "fr") == queries.search(text, "BE", "fr")
    assert server.asked


@pytest.mark.parametrize("status", [301, 400, 403, 429, 500, 503])
def test_an_error_gives_what_the_gazetteer_gives(server, settings, status):
    server.status, server.body = status, json.dumps(nominatim()).encode()
    geocoder(server, settings=settings)
    text = "rue du Bailli, Ixelles"
    assert providers.geocode(text, "BE", "fr") == queries.search(text, "BE", "fr")


@pytest.mark.parametrize("manner", ["hang", "drip", "cut", "no http"])
def test_a_server_that_never_finishes_is_left(server, settings, manner):
    server.manner = manner
    made = geocoder(server, settings=settings, timeout_s=0.2)
    text = "rue du Bailli, Ixelles"
    assert providers.geocode(text, "BE", "fr") == queries.search(text, "BE", "fr")
    with pytest.raises(base.GeocoderError):
        made.outside.ask(text, "BE", "fr", 5)


def test_the_timeout_is_two_seconds_at_most(server):
    assert geocoder(server).outside.timeout_s == base.TIMEOUT_S == 2.0


def test_after_three_failures_it_is_left_alone_for_a_minute(server, settings, tuesday):
    server.status = 500
    geocoder(server, settings=settings)
    for _ in range(5):
        providers.geocode("rue du Bailli, Ixelles", "BE", "fr")
    assert len(server.asked) == 3
    server.status, server.body = 200, json.dumps(nominatim()).encode()
    clock.advance(timedelta(seconds=61))
    assert providers.geocode("rue du Bailli, Ixelles", "BE", "fr")[0].precision == Precision.STREET
    assert len(server.asked) == 4
    providers.geocode("rue du Bailli, Ixelles", "BE", "fr")
    assert len(server.asked) == 5


def test_nobody_listening_is_a_failure_like_any_other(settings):
    settings.GEOCODER = "photon:http://127.0.0.1:9/"
    assert providers.geocode("rue du Bailli, Ixelles", "BE", "fr")[0].label == "Ixelles (1050)"


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "google",
        "nominatim",
        "nominatim:",
        "nominatim:file:///etc/passwd",
        "photon:ftp://x",
        "gazetteer:x",
    ],
)
def test_a_wrong_setting_says_what_is_wrong(setting):
    with pytest.raises(ValueError, match="geocoder"):
        providers.chosen(setting)


def test_the_gazetteer_is_the_default(settings):
    assert settings.GEOCODER == "gazetteer"
    text = "rue du Bailli, Ixelles"
    assert providers.geocode(text, "BE", "fr") == queries.search(text, "BE", "fr")
