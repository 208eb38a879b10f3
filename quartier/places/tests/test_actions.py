import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.places import actions, queries, rules
from quartier.places.actions import geonames
from quartier.places.models import Gazetteer, Place, PlaceName, Precision

pytestmark = pytest.mark.django_db


@pytest.fixture
def belgium(db):
    """Other tests of this file begin with empty tables."""
    actions.load_shipped(country="BE")


def everything():
    places = [tuple(row.items()) for row in Place.objects.order_by("pk").values()]
    return places, sorted(PlaceName.objects.values_list("place_id", "folded", "is_alias"), key=str)


def test_the_shipped_table_is_loaded_once(belgium):
    before = everything()
    assert actions.load_shipped(country="be") == 0
    assert everything() == before


def test_a_newer_shipped_table_is_laid_over_the_old_one(belgium, dump, row):
    actions.import_geonames(country="BE", file=dump(row("1050", "Ixelles", 50.82, 4.38)))
    ixelles = Place.objects.get(postcode="1050", main=True)
    count = Place.objects.count()
    Gazetteer.objects.update(shipped="older")
    Place.objects.filter(postcode="1060").update(name_nl="", lat=50.0)
    assert actions.load_shipped(country="BE") == count
    assert Place.objects.count() == count
    assert Place.objects.get(postcode="1060", main=True).name_in("nl") == "Sint-Gillis"
    again = Place.objects.get(postcode="1050", main=True)
    assert (again.pk, again.lat, again.source) == (ixelles.pk, 50.82, "geonames")


def test_no_table_ships_for_most_countries():
    assert actions.shipped_countries() == ["BE"]
    for country in ("XX", "", "../BE", "B"):
        with pytest.raises(ValueError, match="no table of places ships"):
            actions.load_shipped(country=country)


def test_an_import_moves_the_point_and_keeps_names_and_aliases(belgium, dump, row):
    ixelles = Place.objects.get(postcode="1050", main=True)
    names = set(ixelles.searched.values_list("folded", flat=True))
    report = actions.import_geonames(
        country="BE", file=dump(row("1050", "ELSENE", 50.82, 4.38, accuracy="6"))
    )
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    moved = Place.objects.get(pk=ixelles.pk)
    assert (moved.lat, moved.lon, moved.precision, moved.source) == (
        50.82,
        4.38,
        Precision.LOCALITY,
        "geonames",
    )
    assert moved.name == "Ixelles"
    assert moved.area != 0
    assert set(moved.searched.values_list("folded", flat=True)) == names
    assert queries.search("Elsene", "BE", "nl")[0].lat == 50.82


def test_a_place_without_postcode_adopts_that_of_its_namesake_nearby(belgium, dump, row):
    lost = Place.objects.filter(postcode="").exclude(key="").first()
    file = dump(
        row("1234", lost.name, lost.lat + 0.001, lost.lon), row("1235", lost.name, lost.lat + 1, lost.lon)
    )
    report = actions.import_geonames(country="BE", file=file)
    assert (report.created, report.updated) == (1, 1)
    assert Place.objects.get(pk=lost.pk).postcode == "1234"


def test_a_newer_table_takes_the_place_of_what_was_not_known(belgium):
    """A village without its postcode, and one that an import gave it without its municipality, stand there once."""
    Gazetteer.objects.filter(country="BE").update(shipped="older")
    for name, postcode, source in (("Heusden", "", "shipped"), ("Moerzeke", "9220", "geonames")):
        Place.objects.filter(key=rules.fold(name), postcode__in=["9070", "9220"]).update(
            admin_code="", postcode=postcode, postcode_key=postcode, source=source, lat=51.01
        )
    assert actions.load_shipped(country="BE")
    assert not Place.objects.filter(key="heusden", postcode="").exists()
    assert Place.objects.get(key="heusden", postcode="9070").municipality == "Destelbergen"
    moerzeke = Place.objects.get(key="moerzeke")
    assert (moerzeke.postcode, moerzeke.admin_code, moerzeke.lat) == ("9220", "42008", 51.01)


def test_a_point_at_a_namesake_far_away_is_not_believed(belgium, dump, row):
    ixelles = Place.objects.get(postcode="1050", main=True)
    gilles = Place.objects.get(postcode="1060", main=True)
    file = dump(
        row("1050", "Ixelles", 50.2, 5.4),
        row("1050", "Flagey", 50.2, 5.4),
        row("1060", "Saint-Gilles", gilles.lat + 0.01, gilles.lon),
    )
    report = actions.import_geonames(country="BE", file=file)
    assert (report.created, report.updated, report.unchanged, report.doubted) == (1, 1, 1, 2)
    for name in ("ixelles", "flagey"):
        place = Place.objects.get(postcode="1050", key=name)
        assert (place.lat, place.lon, place.precision) == (ixelles.lat, ixelles.lon, Precision.MUNICIPALITY)
    again = actions.import_geonames(country="BE", file=file)
    assert (again.created, again.updated, again.doubted) == (0, 0, 2)


def test_an_import_twice_changes_nothing(belgium, dump, row):
    file = dump(
        row("1050", "Ixelles", 50.82, 4.38), row("1050", "Flagey", 50.8275, 4.3722), row("1990", "Nouveau")
    )
    first = actions.import_geonames(country="BE", file=file)
    assert (first.lines, first.created, first.updated) == (3, 2, 1)
    before, stamp = everything(), Gazetteer.objects.get(country="BE").stamp
    second = actions.import_geonames(country="BE", file=file)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 3)
    assert everything() == before
    assert Gazetteer.objects.get(country="BE").stamp == stamp


def test_a_new_village_belongs_to_the_municipality_of_its_postcode(belgium, dump, row):
    actions.import_geonames(country="BE", file=dump(row("1180", "Fort Jaco", 50.79, 4.39)))
    village = Place.objects.get(key="fort jaco")
    assert village.municipality_in("nl") == "Ukkel"
    assert not village.main


def test_a_country_without_a_shipped_table(dump, row):
    lines = [
        row("L-1855", "Luxembourg", 49.63, 6.16, country="LU", unit="Luxembourg"),
        row("L-1855", "Kirchberg", 49.63, 6.15, country="LU", unit="Luxembourg"),
        row("1050", "Ixelles"),
    ]
    report = actions.import_geonames(country="lu", file=dump(*lines))
    assert (report.created, report.other) == (2, 1)
    found = queries.search("1855", "LU", "de")
    assert (found[0].label, found[0].certain) == ("Luxembourg (L-1855)", True)
    assert found[0].place.main
    assert found[0].place.municipality == "Luxembourg"
    assert queries.search("kirchbreg", "LU", "fr")[0].label == "Kirchberg (L-1855)"


BAD = [
    ("BE\t1050\tIxelles", "columns"),
    ("BE\t1050\tIxelles" + "\t" * 20, "columns"),
    ("XXX\t1050\tIxelles\t\t\t\t\t\t\t50\t4\t4", "country"),
    ("BE\t\tIxelles\t\t\t\t\t\t\t50\t4\t4", "postcode"),
    ("BE\t1050\t\t\t\t\t\t\t\t50\t4\t4", "name"),
    ("BE\t1050\t" + "x" * 130 + "\t\t\t\t\t\t\t50\t4\t4", "name"),
    ("BE\t1050\tIxelles\t\t\t\t\t\t\tnan\t4\t4", "point"),
    ("BE\t1050\tIxelles\t\t\t\t\t\t\t50\t\t4", "point"),
    ("BE\t1050\tIxelles\t\t\t\t\t\t\t91\t4\t4", "point"),
    ("BE\t1050\tIxelles\t\t\t\t\t\t\t50,8\t4,3\t4", "point"),
]


@pytest.mark.parametrize(("bad", "why"), BAD)
def test_one_bad_line_stops_the_whole_import_and_is_named(dump, row, bad, why):
    file = dump(row("1050", "Ixelles"), "", bad, row("1060", "Saint-Gilles"))
    with pytest.raises(actions.BadFileError, match=why) as error:
        actions.import_geonames(country="BE", file=file)
    assert error.value.problems[0][0] == 3
    assert error.value.count == 1
    assert Place.objects.count() == 0
    assert Gazetteer.objects.count() == 0


def test_many_bad_lines_are_counted_and_the_first_are_named(dump):
    with pytest.raises(actions.BadFileError, match="50 bad lines") as error:
        actions.import_geonames(country="BE", file=dump(*["nonsense"] * 50))
    assert [number for number, _ in error.value.problems] == list(range(1, 21))


def test_bytes_that_are_no_text_and_files_of_another_kind(tmp_path):
    file = tmp_path / "BE.txt"
    for content in (b"BE\t1050\tIx\xff\xfe", b"\x00" * 5000, b"\x89PNG\r\n\x1a\n"):
        file.write_bytes(content)
        with pytest.raises(actions.BadFileError):
            actions.import_geonames(country="BE", file=file)
    file.write_bytes(b"")
    with pytest.raises(actions.BadFileError, match="no line is about BE"):
        actions.import_geonames(country="BE", file=file)
    with pytest.raises(OSError, match="nowhere"):
        actions.import_geonames(country="BE", file=tmp_path / "nowhere.txt")


def test_a_failure_midway_leaves_nothing_behind(dump, row, monkeypatch):
    monkeypatch.setattr(geonames, "BATCH", 2)
    written = geonames._write
    calls = []

    def fail_later(country, batch, report):
        calls.append(len(batch))
        if len(calls) == 3:
            raise OSError("the disk is full")
        written(country, batch, report)

    monkeypatch.setattr(geonames, "_write", fail_later)
    file = dump(*[row(str(1000 + number), f"Village {number}") for number in range(9)])
    with pytest.raises(OSError, match="disk is full"):
        actions.import_geonames(country="BE", file=file)
    assert calls == [2, 2, 2]
    assert Place.objects.count() == 0


def test_batches_do_not_show(dump, row, monkeypatch):
    file = dump(*[row(str(1000 + number // 3), f"Village {number}") for number in range(20)])
    monkeypatch.setattr(geonames, "BATCH", 4)
    assert actions.import_geonames(country="BE", file=file).created == 20
    monkeypatch.setattr(geonames, "BATCH", 7)
    assert actions.import_geonames(country="BE", file=file).unchanged == 20
    assert Place.objects.filter(main=True).count() == 7


def test_the_zip_of_geonames_is_read(dump, row, tmp_path):
    packed = tmp_path / "BE.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.write(dump(row("1050", "Ixelles")), "BE.txt")
    assert actions.import_geonames(country="BE", file=packed).created == 1
    with pytest.raises(actions.BadFileError, match=r"no LU\.txt"):
        actions.import_geonames(country="LU", file=packed)


def test_a_zip_that_unfolds_without_end_is_left(dump, row, tmp_path, monkeypatch):
    packed, rows = tmp_path / "BE.zip", dump(row("1050", "Ixelles"))
    monkeypatch.setattr(geonames, "MOST_UNFOLDED_BYTES", rows.stat().st_size - 1)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(rows, "BE.txt")
    with pytest.raises(actions.BadFileError, match="too large"):
        actions.import_geonames(country="BE", file=packed)
    assert not Place.objects.exists()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1000", "1050", "B-1050", "9999"]),
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t"), min_size=1, max_size=20
            ),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_names_are_imported_the_same_twice_or_refused(tmp_path_factory, lines):
    file = tmp_path_factory.mktemp("dump") / "BE.txt"
    text = "".join(f"BE\t{code}\t{name}\t\t\t\t\t\t\t50.8\t4.4\t4\n" for code, name in lines)
    file.write_text(text, encoding="utf-8", newline="")
    Place.objects.all().delete()
    try:
        actions.import_geonames(country="BE", file=file)
    except actions.BadFileError:
        assert Place.objects.count() == 0
        return
    count = Place.objects.count()
    again = actions.import_geonames(country="BE", file=file)
    assert (again.created, again.updated) == (0, 0)
    assert Place.objects.count() == count


@pytest.mark.parametrize("country", ["BE", "LU"])
def test_the_real_files(reference, country):
    file = reference / "geonames" / f"{country}.txt"
    report = actions.import_geonames(country=country, file=file)
    assert report.lines == report.created + report.unchanged + report.other + _repeated(file, country)
    assert report.created > 2_500
    assert actions.import_geonames(country=country, file=file).created == 0


def _repeated(file, country):
    from quartier.places import rules

    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return len(rows) - len({(rules.postcode_key(country, row[1]), rules.fold(row[2])) for row in rows})
