"""What the line says of itself to the carrier: an address that is reached, the password to the carrier alone, and its
number where the carrier wants it."""

import pytest
from sippy.SipURL import SipURL

from quartier.telephony.providers.sip.outside import CarrierIdentity
from quartier.telephony.providers.sip.setup import Setup

ACCOUNT, NUMBER, LINE = "0190c0de-0000-7000-8000-000000000001", "+3220001235", "+3280000020"


def outside(tmp_path, **table):
    return CarrierIdentity.of(Setup.of(tmp_path, table, "https://line.example.org"))


@pytest.mark.parametrize(
    ("table", "reached"),
    [
        ({"address": "192.0.2.9"}, "192.0.2.9:5060"),
        ({"address": "10.0.0.9", "public": "192.0.2.1", "sip_port": 5080}, "192.0.2.1:5080"),
        ({"address": "0.0.0.0"}, "127.0.0.1:5060"),
        ({"address": "192.0.2.9", "trunk": "sips:sip.example.org"}, "192.0.2.9:5061;transport=tls"),
    ],
)
def test_a_contact_is_where_the_edge_is_reached(tmp_path, table, reached):
    made = outside(tmp_path, **table)
    assert f"sip:{reached}" in str(made.contact())
    made.contact().getUrl().username = LINE
    assert LINE not in str(made.contact())


def test_the_password_is_the_carriers_alone(tmp_path):
    made = outside(tmp_path, trunk="sip.example.org", trunk_user="32800", trunk_password="a secret")
    assert made.credentials(NUMBER) == {"username": "32800", "password": "a secret"}
    assert made.credentials(ACCOUNT) == {}
    assert made.credentials("") == {}
    assert outside(tmp_path, trunk="sip.example.org").credentials(NUMBER) == {}


def test_the_number_is_asserted_where_the_carrier_wants_it(tmp_path):
    table = {"trunk": "sip.example.org:5080", "trunk_identity": True}
    assert outside(tmp_path, trunk="sip.example.org").headers(NUMBER, LINE) == {}
    said = outside(tmp_path, **table).headers(NUMBER, LINE)
    assert said == {"P-Asserted-Identity": f"<sip:{LINE}@sip.example.org>"}
    named = outside(tmp_path, **table, domain="line.example.org").headers(NUMBER, LINE)
    assert named == {"P-Asserted-Identity": f"<sip:{LINE}@line.example.org>"}
    assert outside(tmp_path, **table).headers(ACCOUNT, LINE) == {}


@pytest.mark.parametrize(
    ("table", "user", "written"),
    [
        ({"trunk": "sip.example.org"}, NUMBER, f"sip:{NUMBER}@sip.example.org:5060"),
        ({"trunk": "sips:sip.example.org"}, NUMBER, f"sip:{NUMBER}@sip.example.org:5061;transport=tls"),
        ({"trunk": "sip.example.org"}, ACCOUNT, f"sip:{ACCOUNT}@quartier.invalid"),
        ({}, NUMBER, f"sip:{NUMBER}@quartier.invalid"),
    ],
)
def test_the_address_that_is_proved_is_the_one_that_leaves_the_edge(tmp_path, table, user, written):
    target = SipURL(f"sip:{user}@127.0.0.1:5070;transport=udp")
    outside(tmp_path, **table).name_in(target)
    assert str(target).replace(";transport=udp", "") == written
