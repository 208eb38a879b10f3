"""Money as others read it: the book as a file for a spreadsheet, and a transfer as a code for the app of a bank.

(A file of its own: formats that are not ours.) Pure, given rows.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

import segno
from segno import helpers

from quartier.expenses.models import LedgerEntry
from quartier.lib.text import one_line

COLUMNS = ("date", "file", "volunteer", "person", "from", "to", "why", "euros", "expense")
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def cell(text: str) -> str:
    """Text that no spreadsheet computes: what looks like a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(FORMULA) else text


def book(lines: Iterable[LedgerEntry]) -> Iterator[str]:
    """The lines of the book as CSV (UTF-8 with its mark, comma, a point before the cents), row by row."""
    yield "\ufeff" + _row(COLUMNS)
    for line in lines:
        expense = line.expense
        zone = expense.assignment.request.organisation.zone
        yield _row(
            (
                line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                cell(expense.assignment.request.case.reference),
                cell(one_line(expense.volunteer.person.name)),
                cell(one_line(expense.person.name)),
                line.source,
                line.target,
                line.why,
                f"{line.cents // 100}.{line.cents % 100:02}",
                str(expense.pk),
            )
        )


def _row(cells: Iterable[str]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(list(cells))
    return made.getvalue()


def transfer(holder: str, iban: str, cents: int, text: str) -> segno.QRCode:
    """The code of a SEPA transfer (EPC069-12, version 002) that apps of banks read. `text` at most 140 characters."""
    return helpers.make_epc_qr(
        name=one_line(holder, 70),
        iban=iban,
        amount=Decimal(cents) / 100,
        text=one_line(text, 140),
        encoding="utf-8",
    )
