"""A day as each language writes it, in the active one."""

from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language


def calendar_day(that: date, *, year: bool = False) -> str:
    """`12 January`, `1er mars`, `12. Januar`, and with the year if it is wanted: the day itself, never "today"."""
    language = (get_language() or "en").split("-")[0]
    number = "j." if language == "de" else r"j\e\r" if language == "fr" and that.day == 1 else "j"
    return format_date(that, f"{number} F" + (" Y" if year else ""))
