"""Words of the installation as Kamailio reads them, whatever characters they hold."""

from collections.abc import Sequence


def table_row(values: Sequence[str]) -> str:
    """A line of a table in a text file (module db_text)."""
    return ":".join(each.replace("\\", "\\\\").replace(":", "\\:") for each in values)
