"""Tables in a zip: what is written reads the same, and what strangers give is read or refused in words."""

import contextlib
import csv
import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.companions import hsds
from quartier.companions.hsds import Listed, NotHSDS

ORGANIZATIONS = "id,name,description\no1,Centre de santé mentale,\n"
SERVICES = "id,organization_id,name,status\ns1,o1,Écoute du deuil,active\n"


def zipped(**tables):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in ({"organizations": ORGANIZATIONS, "services": SERVICES} | tables).items():
            if content is not None:
                out.writestr(f"{name}.csv", content)
    return file.getvalue()


def taken(content):
    return hsds.read(hsds.unpack(content))


def refused(content):
    with pytest.raises(NotHSDS) as error:
        taken(content)
    return " ".join(error.value.reasons)


WORDS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"]), min_size=1, max_size=12
)
NUMBER = st.from_regex(r"\A[0-9]{3,9}\Z")
SERVICE = st.builds(
    Listed,
    key=st.uuids().map(str),
    name=WORDS,
    provider_key=st.uuids().map(str),
    provider=WORDS,
    about=WORDS | st.just('Deux lignes\n;,"guillemets"'),
    is_active=st.booleans(),
    kinds=st.integers(0, 4095),
    postcodes=st.lists(st.from_regex(r"\A[0-9]{4}\Z"), unique=True, max_size=3),
    for_whom=WORDS,
    cost=st.just("") | WORDS,
    checked_on=st.none() | st.dates(date(2000, 1, 1)),
    languages=st.lists(st.sampled_from(["fr", "nl", "zh-Hans"]), unique=True),
    phones=st.lists(
        st.fixed_dictionaries({"number": NUMBER, "extension": st.just(""), "description": WORDS}), max_size=2
    ),
    places=st.lists(
        st.fixed_dictionaries(
            {
                "name": WORDS,
                "address": WORDS,
                "city": WORDS,
                "postal_code": st.just("1050"),
                "country": st.just("BE"),
                "latitude": st.none() | st.floats(-90, 90),
                "longitude": st.none() | st.floats(-180, 180),
            }
        ),
        max_size=2,
    ),
    schedules=st.lists(
        st.fixed_dictionaries(
            {
                "byday": st.just("MO,TU"),
                "opens_at": st.just("09:00"),
                "closes_at": st.just("17:30"),
                "description": WORDS,
            }
        ),
        max_size=2,
    ),
)


@given(st.lists(SERVICE, max_size=4, unique_by=lambda one: one.key))
def test_what_is_written_reads_the_same(services):
    known = hsds.read(hsds.written(services))
    assert taken(hsds.packed(known)) == known


def test_it_is_a_tabular_data_package_that_names_its_tables():
    with zipfile.ZipFile(io.BytesIO(hsds.packed([]))) as file:
        said = json.loads(file.read("datapackage.json"))
        for each in said["resources"]:
            head = next(csv.reader(io.StringIO(file.read(each["path"]).decode())))
            assert head == [field["name"] for field in each["schema"]["fields"]]
    assert said["profile"] == "tabular-data-package"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_spreadsheet_of_any_kind_is_read(encoding, between):
    content = zipped(
        services=SERVICES.replace(",", between).replace("\n", "\r\n").encode(encoding),
        organizations=ORGANIZATIONS.replace(",", between).encode(encoding),
    )
    (found,) = taken(content)
    assert (found.name, found.provider) == ("Écoute du deuil", "Centre de santé mentale")


def test_tables_are_joined_as_the_specification_names_them():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("hsds/service.csv", SERVICES + "\n,,,\n")
        out.writestr("hsds/organization.csv", ORGANIZATIONS)
        out.writestr("hsds/service_at_location.csv", "id,service_id,location_id\nx1,s1,l1\n")
        out.writestr("hsds/location.csv", 'id,location_type,name,latitude\nl1,physical,Flagey,"50,8"\n')
        out.writestr(
            "hsds/address.csv", "id,location_id,address_1,city,postal_code\na1,l1,Place 1,Ixelles,1050\n"
        )
        out.writestr(
            "hsds/phone.csv", "id,service_at_location_id,organization_id,number\np1,x1,,02 1\np2,,o1,03 1\n"
        )
        out.writestr("hsds/readme.txt", "x")
    (found,) = taken(file.getvalue())
    assert [each["number"] for each in found.phones] == ["02 1"]
    assert (found.places[0]["city"], found.places[0]["latitude"]) == ("Ixelles", 50.8)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 nothing", "cannot be opened"),
        (zipped()[:-30], "cannot be opened"),
        (zipped(services=None), "services.csv"),
        (zipped(services="id,name\ns1,x\n"), "organization_id"),
        (zipped(services=""), "“id”"),
        (zipped(organizations="id,name\nother,x\n"), "organization.id"),
        (zipped(services=b"id,organization_id,name\ns1,o1,\x81\x8d\n"), "UTF-8"),
        (zipped(services=b"id,organization_id,name\ns1,o1,a\0b\n"), "UTF-8"),
        (zipped(services='id,organization_id,name\ns1,o1,"open\n'), "cannot be read"),
        (zipped(services="id,organization_id,name\ns1,o1," + "x" * 200_000), "cannot be read"),
        (zipped(services="id,organization_id,name\n" + "s,o1,x\n" * 100_000), "too many lines"),
        (zipped(services="id,organization_id,name\n" + "s,o1,x\n" * 6_000), "too many services"),
        (zipped(services=SERVICES + "s1,o1,Encore,active\n"), "same “id”"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_what_cannot_be_read_is_refused_in_words(content, said):
    assert said in refused(content)


def test_a_bomb_is_not_opened():
    assert "too big" in refused(zipped(phones="0" * (61 * 1024 * 1024)))
    assert "too large" in refused(zipped(phones="id,number\n" + "0" * (21 * 1024 * 1024)))


def test_a_bomb_that_lies_about_its_size_is_not_opened_either():
    content = bytearray(zipped(phones="id,number\n" + "0" * (21 * 1024 * 1024)))
    size = (21 * 1024 * 1024 + 10).to_bytes(4, "little")
    at = content.rindex(size)
    content[at : at + 4] = (100).to_bytes(4, "little")
    at = content.index(size)
    content[at : at + 4] = (100).to_bytes(4, "little")
    refused(bytes(content))


def test_a_table_twice_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for name in ("services.csv", "service.csv", "organizations.csv"):
            out.writestr(name, SERVICES)
    assert "twice" in refused(file.getvalue())


@given(st.binary(max_size=200))
def test_whatever_follows_it_is_read_or_refused(content):
    with_it = zipped(services=b"id,organization_id,name\n" + content)
    with contextlib.suppress(NotHSDS):
        taken(with_it)
    with contextlib.suppress(NotHSDS):
        hsds.unpack(b"PK" + content)
