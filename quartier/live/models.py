"""What changed, for the event streams of an installation on SQLite. PostgreSQL notifies, and keeps no rows.

The organisation is a plain column, since this room stands beside `team` and knows nothing of it.
"""

from django.db import models


class Change(models.Model):
    """A topic that changed. Rows are only added, and forgotten after an hour.

    Numbered in the order of commits: SQLite has one writer at a time, and never gives a number twice.
    """

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField()
    topic = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.topic
