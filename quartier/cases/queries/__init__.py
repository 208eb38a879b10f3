"""Reading cases."""

from quartier.cases.queries.duplicates import Seen, possible_duplicates
from quartier.cases.queries.waits import median_wait

__all__ = ["Seen", "median_wait", "possible_duplicates"]
