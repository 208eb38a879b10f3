"""Counters of how often something was tried, and proofs of work already used.

Machinery: the rows say nothing about anybody. Keys are keyed hashes with a salt that changes every day, and
the rows are forgotten as soon as they no longer count.
"""

from django.db import models


class Counter(models.Model):
    """How often one key was seen in one window of time (`number` counts windows of the same length from 1970)."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=43)
    number = models.BigIntegerField()
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="limits_one_window")]

    def __str__(self) -> str:
        return f"{self.count}"


class Spent(models.Model):
    """A challenge that was answered. It is kept until it would have expired anyway."""

    challenge = models.CharField(primary_key=True, max_length=64)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.challenge
