"""The directory as the tabular data package of Open Referral HSDS 3: CSV files and `datapackage.json`, in a zip. Pure.

Source: https://docs.openreferral.org, and `datapackage.json` of github.com/openreferral/specification (3.0). Tables are
joined to the services of `page`, which checks what stands in them; so both ways of giving say the same.

A zip comes from strangers: what it unfolds to is limited before and while it is read, by what it says of itself and by
what really comes out of it.
"""

import csv
import io
import json
import lzma
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from quartier.companions.hsds.page import Listed, NotHSDS, written

# A file of the zip, unfolded; all of them together; and how many lines a table may have.
LARGEST_TABLE, LARGEST_ALL = 20 * 1024 * 1024, 60 * 1024 * 1024
MOST_FILES, MOST_ROWS = 200, 50_000

# What can be wrong with a zip, by whichever way it was pressed together.
BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, EOFError, OSError),
)

Row = dict[str, Any]
Table = list[dict[str, str]]

# The tables that we know, each with its columns, as we write them. Those with a star must be there to be read.
TABLES: dict[str, tuple[str, ...]] = {
    "organizations": ("id*", "name*", "description"),
    "services": (
        *("id*", "organization_id*", "name*", "description", "url", "email", "status", "fees_description"),
        *("eligibility_description", "assured_date"),
    ),
    "locations": ("id*", "location_type", "name", "latitude", "longitude"),
    "addresses": (
        *("id", "location_id*", "address_1", "city", "state_province", "postal_code", "country"),
        "address_type",
    ),
    "service_at_location": ("id*", "service_id*", "location_id*"),
    "phones": (
        *("id", "location_id", "service_id", "organization_id", "service_at_location_id", "number*"),
        *("extension", "description"),
    ),
    "languages": ("id", "service_id*", "name", "code"),
    "schedules": (
        *("id", "service_id", "location_id", "service_at_location_id", "byday", "opens_at", "closes_at"),
        "description",
    ),
    "service_areas": ("id", "service_id*", "name", "extent", "extent_type"),
    "taxonomy_terms": ("id*", "code", "name", "description", "taxonomy"),
    "attributes": ("id", "link_id*", "taxonomy_term_id*", "link_entity"),
}
NEEDED = ("organizations", "services")


def unpack(content: bytes) -> list[Row]:
    """The services of a zip, each as a page of JSON has it, for `page.read`. Raises `NotHSDS` with the reasons."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            tables = {name: _table(name, file, entry) for name, entry in _entries(file).items()}
    except BROKEN as error:
        raise NotHSDS([_("This zip file cannot be opened: it is damaged, or has a password.")]) from error
    return _joined(defaultdict(list, tables))


def _entries(file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files that we know, by the name of their table; one of them may lie in a folder."""
    found: dict[str, zipfile.ZipInfo] = {}
    entries = file.infolist()
    if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > LARGEST_ALL:
        raise NotHSDS([_("This zip file is too big inside: we have not opened it.")])
    for each in entries:
        name = each.filename.replace("\\", "/").rsplit("/", 1)[-1].lower()
        table = _table_of(name.removesuffix(".csv")) if name.endswith(".csv") else ""
        if table and not each.filename.startswith("__MACOSX"):
            if table in found:
                raise NotHSDS([_("“%(file)s” is there twice.") % {"file": f"{table}.csv"}])
            found[table] = each
    missing = [f"{name}.csv" for name in NEEDED if name not in found]
    if missing:
        raise NotHSDS([_("“%(file)s” is missing from the zip file.") % {"file": name} for name in missing])
    return found


def _table_of(name: str) -> str:
    """The table of a file; the specification calls a table by its one or by its many."""
    many = {"address": "addresses", "services_at_location": "service_at_location"}
    known = many.get(name, name if name in TABLES else f"{name}s")
    return known if known in TABLES else ""


def _table(name: str, file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Table:
    """One table, by its columns, without those that we do not know."""
    with file.open(entry) as stream:
        content = stream.read(LARGEST_TABLE + 1)
    title = f"{name}.csv"
    if len(content) > LARGEST_TABLE:
        raise NotHSDS([_("“%(file)s” is too large: at most 20 MB.") % {"file": title}])
    text = _text(content, title)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        missing = [column[:-1] for column in TABLES[name] if column.endswith("*") and column[:-1] not in head]
        if missing:
            raise NotHSDS(
                [
                    _("“%(file)s”: the column “%(column)s” is missing.") % {"file": title, "column": column}
                    for column in missing
                ]
            )
        known = {column.rstrip("*") for column in TABLES[name]}
        return [
            {column: cell.strip() for column, cell in zip(head, row, strict=False) if column in known}
            for row in _limited(rows, title)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise NotHSDS(
            [_("“%(file)s”: line %(line)s cannot be read.") % {"file": title, "line": rows.line_num}]
        ) from error


def _limited(rows: Iterable[list[str]], title: str) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise NotHSDS(
                [_("“%(file)s” has too many lines: at most %(most)s.") % {"file": title, "most": MOST_ROWS}]
            )
        yield row


def _text(content: bytes, title: str) -> str:
    """The words of a file: UTF-8, or as a spreadsheet on an office computer here writes them."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotHSDS([_("“%(file)s” is not in UTF-8: save it again as UTF-8.") % {"file": title}])


def _delimiter(text: str) -> str:
    """What stands between the columns: a comma, or what spreadsheets here put for it."""
    head = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _joined(tables: dict[str, Table]) -> list[Row]:
    providers = {row.get("id", ""): row for row in tables["organizations"]}
    places = {row.get("id", ""): row for row in tables["locations"]}
    addresses = _by(tables["addresses"], "location_id")
    terms = {row.get("id", ""): row for row in tables["taxonomy_terms"]}
    at = _by(tables["service_at_location"], "service_id")
    service_of = {row.get("id", ""): row.get("service_id", "") for row in tables["service_at_location"]}
    for name in ("phones", "schedules"):
        for row in tables[name]:
            row["service_id"] = row.get("service_id") or service_of.get(
                row.get("service_at_location_id", ""), ""
            )
    of_service = {name: _by(tables[name], "service_id") for name in ("phones", "schedules", "languages")}
    areas, attributes = _by(tables["service_areas"], "service_id"), _by(tables["attributes"], "link_id")
    of_provider = _by([row for row in tables["phones"] if not row["service_id"]], "organization_id")
    found: list[Row] = []
    for row in tables["services"]:
        key = row.get("id", "")
        found.append(
            {name: value for name, value in row.items() if value}
            | {
                "organization": providers.get(row.get("organization_id", "")),
                # Its own number, else that of who offers it.
                "phones": of_service["phones"][key] or of_provider[row.get("organization_id", "")],
                "languages": of_service["languages"][key],
                "schedules": of_service["schedules"][key],
                "service_areas": areas[key],
                "attributes": [
                    {"taxonomy_term": terms.get(each.get("taxonomy_term_id", ""))} for each in attributes[key]
                ],
                "service_at_locations": [
                    _place(places.get(each.get("location_id", ""), {}), addresses) for each in at[key]
                ],
            }
        )
    return found


def _place(row: dict[str, str], addresses: dict[str, Table]) -> Row:
    degrees = {name: _number(row.get(name, "")) for name in ("latitude", "longitude")}
    return {"location": {**row, **degrees, "addresses": addresses[row.get("id", "")]}}


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _by(rows: Table, column: str) -> dict[str, Table]:
    found: dict[str, Table] = defaultdict(list)
    for row in rows:
        found[row.get(column, "")].append(row)
    found.pop("", None)
    return found


def packed(services: Iterable[Listed]) -> bytes:
    """The zip with all of them. Unpacked and read again, it gives the same services."""
    tables = _tables(written(services)["contents"])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, columns in TABLES.items():
            table = io.StringIO(newline="")
            writer = csv.DictWriter(
                table, [each.rstrip("*") for each in columns], extrasaction="ignore", lineterminator="\r\n"
            )
            writer.writeheader()
            writer.writerows(tables[name])
            out.writestr(_entry(f"{name}.csv"), table.getvalue())
        out.writestr(_entry("datapackage.json"), json.dumps(_described(), indent=1))
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Without the time of the writing: the same directory is the same file, whoever compares two of them."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _tables(contents: list[Row]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    providers: dict[str, Row] = {}
    terms: dict[str, Row] = {}
    for service in contents:
        key, provider = service["id"], service["organization"]
        providers[provider["id"]] = provider
        tables["services"].append({**service, "organization_id": provider["id"]})
        for name in ("phones", "languages", "schedules", "service_areas"):
            tables[name] += [{**row, "service_id": key} for row in service[name]]
        for row in service["attributes"]:
            terms[row["taxonomy_term"]["id"]] = row["taxonomy_term"]
            tables["attributes"].append(
                {**row, "link_id": key, "taxonomy_term_id": row["taxonomy_term"]["id"]}
            )
        for row in service["service_at_locations"]:
            place = row["location"]
            tables["locations"].append(place)
            tables["addresses"] += [{**each, "location_id": place["id"]} for each in place["addresses"]]
            tables["service_at_location"].append(
                {"id": row["id"], "service_id": key, "location_id": place["id"]}
            )
    tables["organizations"], tables["taxonomy_terms"] = list(providers.values()), list(terms.values())
    return tables


def _described() -> Row:
    """What stands in the zip, as a tabular data package says it."""
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {"fields": [{"name": each.rstrip("*"), "type": "string"} for each in columns]},
            }
            for name, columns in TABLES.items()
        ],
    }
