"""`quartier places …`: fill the gazetteer and see what a search gives."""

import argparse
import json
import sys
from collections.abc import Callable
from functools import wraps

Handler = Callable[[argparse.Namespace], int]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    places = commands.add_parser("places", help="the gazetteer: load, import, find")
    actions = places.add_subparsers(required=True, metavar="ACTION")

    load = actions.add_parser("load", help="load the table that ships for a country")
    load.add_argument("--country", default="BE", metavar="CODE", help="ISO code; default BE")
    load.set_defaults(handler=run_load)

    bring = actions.add_parser("import", help="import postal codes from GeoNames, plain or zipped")
    bring.add_argument("--country", required=True, metavar="CODE", help="ISO code, such as BE")
    bring.add_argument("file", metavar="FILE", help="from download.geonames.org/export/zip")
    bring.set_defaults(handler=run_import)

    find = actions.add_parser("find", help="what a search gives, one result a line")
    find.add_argument("text", metavar="TEXT")
    find.add_argument("--country", default="BE", metavar="CODE", help="ISO code; default BE")
    find.add_argument("--language", default="fr", metavar="CODE", help="language of the labels; default fr")
    find.add_argument("--limit", type=int, default=6, metavar="N")
    find.add_argument("--geocoder", action="store_true", help="ask the geocoder of the installation too")
    find.add_argument("--json", action="store_true", help="one JSON object a line")
    find.set_defaults(handler=run_find)


def _with_installation(handler: Handler) -> Handler:
    """The gazetteer is in the installation's database: without one, that is said."""

    @wraps(handler)
    def run(args: argparse.Namespace) -> int:
        from quartier.cli import no_installation

        if no_installation():
            return 1
        import django

        django.setup()
        return handler(args)

    return run


@_with_installation
def run_load(args: argparse.Namespace) -> int:
    from quartier.places import actions

    try:
        written = actions.load_shipped(country=args.country)
    except ValueError as error:
        return _failed(str(error))
    print(f"{written} places loaded" if written else "The table is there already.")
    return 0


@_with_installation
def run_import(args: argparse.Namespace) -> int:
    from quartier.places import actions

    try:
        report = actions.import_geonames(country=args.country, file=args.file)
    except actions.BadFileError as error:
        for number, what in error.problems:
            print(f"line {number}: {what}" if number else what, file=sys.stderr)
        more = error.count - len(error.problems)
        return _failed(f"{f'and {more} more; ' if more else ''}nothing was imported")
    except (OSError, ValueError) as error:
        return _failed(str(error))
    print(
        f"{report.lines} lines read: {report.created} places new, {report.updated} moved, "
        f"{report.unchanged} as they were"
    )
    if report.doubted:
        print(f"{report.doubted} points were not believed: too far from what is known of the place.")
    return 0


@_with_installation
def run_find(args: argparse.Namespace) -> int:
    """Exit code 1 when nothing was found."""
    from quartier.places import providers, queries

    reading = queries.read_place(args.text, args.country, args.language, args.limit)
    results = list(reading.found)
    if args.geocoder:
        results = providers.geocode(args.text, args.country, args.language, args.limit)
    if reading.kind == queries.ReadingKind.NO_TOWN:
        print(f"a street without a town: {reading.street}", file=sys.stderr)
    if reading.abroad:
        print(f"seems to be in another country: {', '.join(reading.abroad)}", file=sys.stderr)
    for found in results:
        if args.json:
            row = {
                "label": found.label,
                "postcode": found.place.postcode,
                "names": found.place.names(),
                "municipality": found.place.municipality_in(args.language),
                "lat": found.lat,
                "lon": found.lon,
                "precision": found.precision,
                "score": found.score,
                "matched": found.matched,
                "certain": found.certain,
                "street": found.street,
                "cell": found.cell,
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            sure = "certain" if found.certain else f"{found.score}%"
            street = f", {found.street}" if found.street else ""
            print(f"{found.choice}{street}: {sure}, {found.lat:.4f} {found.lon:.4f} ({found.precision})")
    return 0 if results else 1


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return 2
