"""A small atlas of Belgium for tests that need some place: the table that ships has 2,600 of them, and loading it takes
longer than most tests."""

PLACES = (
    ("1000", "Bruxelles", "Brussel", "Brüssel", 50.8505, 4.3488),
    ("1040", "Etterbeek", "", "", 50.8333, 4.3833),
    ("1050", "Ixelles", "Elsene", "", 50.8275, 4.3722),
    ("1080", "Molenbeek-Saint-Jean", "Sint-Jans-Molenbeek", "", 50.8499, 4.3125),
    ("1200", "Woluwe-Saint-Lambert", "Sint-Lambrechts-Woluwe", "", 50.8439, 4.4291),
    ("2000", "Antwerpen", "", "", 51.2205, 4.4003),
    ("4000", "Liège", "Luik", "Lüttich", 50.6337, 5.5675),
    ("4700", "Eupen", "", "", 50.6279, 6.0365),
    ("4800", "Verviers", "", "", 50.5891, 5.8624),
    ("4900", "Spa", "", "", 50.4838, 5.8667),
    ("5000", "Namur", "Namen", "", 50.4669, 4.8675),
    ("8000", "Brugge", "", "Brügge", 51.2089, 3.2242),
    ("9000", "Gent", "", "", 51.0543, 3.7174),
)
# Where it is not the name above.
FRENCH = {"Antwerpen": "Anvers", "Brugge": "Bruges", "Gent": "Gand"}


def put() -> None:
    """Write it into the database."""
    from quartier.lib import cells
    from quartier.places.actions.store import mark_changed, searched_names
    from quartier.places.models import Place, PlaceName

    places = []
    for postcode, name, dutch, german, lat, lon in PLACES:
        cell = cells.cell_at(lat, lon)
        places.append(
            Place(
                country="BE", postcode=postcode, postcode_key=postcode, kind="locality", key=name.lower(),
                name=name, name_fr=FRENCH.get(name, ""), name_nl=dutch, name_de=german,
                main=True, lat=lat, lon=lon, precision="locality", cell=cell,
                area=cells.area_of(cell), population=50_000, source="shipped",
            )
        )  # fmt: skip
    Place.objects.bulk_create(places)
    PlaceName.objects.bulk_create([each for place in places for each in searched_names(place)])
    mark_changed("BE")
