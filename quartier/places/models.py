"""The gazetteer: places by postcode and name, in four languages, each with the precision of its point.

These tables are reference data like a printed atlas, shared by all organisations of an installation: they say
where Ixelles is, nothing about anybody. They are the one exception from "every row belongs to an
organisation". Nothing that an organisation knows or that a person typed may be stored here.
"""

from typing import Any

from django.db import models

from quartier.lib.ids import uuid7

LANGUAGES = ("fr", "nl", "de", "en")


class Precision(models.TextChoices):
    """What the point of a place is the middle of, from the finest to the coarsest."""

    STREET = "street"
    LOCALITY = "locality"
    MUNICIPALITY = "municipality"
    CANTON = "canton"
    REGION = "region"


class Place(models.Model):
    """A locality or municipality with one postcode; the same name with two postcodes is two places.

    `name` is what it is called there; the columns by language are empty where people use `name`. `key` is
    the folded `name`, which makes an import idempotent. `lat` and `lon` are degrees; the cells follow from
    them when the place is saved. A point that came from an import has `source` "geonames".
    """

    class Kind(models.TextChoices):
        LOCALITY = "locality"
        MUNICIPALITY = "municipality"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2, in capitals
    postcode = models.CharField(max_length=16, blank=True)  # as written there; empty when nobody told us
    postcode_key = models.CharField(max_length=16, blank=True)  # letters and digits only
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120, blank=True)
    name_nl = models.CharField(max_length=120, blank=True)
    name_de = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    municipality = models.CharField(max_length=120, blank=True)
    municipality_fr = models.CharField(max_length=120, blank=True)
    municipality_nl = models.CharField(max_length=120, blank=True)
    municipality_de = models.CharField(max_length=120, blank=True)
    municipality_en = models.CharField(max_length=120, blank=True)
    admin_code = models.CharField(max_length=20, blank=True)  # in Belgium the NIS code of the municipality
    main = models.BooleanField(default=False)  # the place that its postcode alone stands for
    lat = models.FloatField()
    lon = models.FloatField()
    precision = models.CharField(max_length=12, choices=Precision)
    cell = models.BigIntegerField()
    area = models.BigIntegerField()
    population = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "postcode_key", "key", "admin_code"], name="place_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="place_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["country", "postcode_key"], name="place_by_postcode"),
            models.Index(fields=["area"], name="place_by_area"),
        ]

    def __str__(self) -> str:
        return self.label("")

    def name_in(self, language: str) -> str:
        """What the place is called in `language` ("fr", "nl-BE"...), else what it is called there."""
        return self._in("name", language)

    def municipality_in(self, language: str) -> str:
        """What its municipality is called in `language`; empty when unknown."""
        return self._in("municipality", language)

    def label(self, language: str) -> str:
        """Name and postcode as shown to people: `Ixelles (1050)`, in Dutch `Elsene (1050)`.

        Where nobody told us the postcode, the municipality says which one is meant: `Winksele (Herent)`.
        """
        name = self.name_in(language)
        beside = self.postcode or self.municipality_in(language)
        return f"{name} ({beside})" if beside and beside != name else name

    def names(self) -> dict[str, str]:
        """The name in each of the four languages."""
        return {language: self.name_in(language) for language in LANGUAGES}

    def _in(self, column: str, language: str) -> str:
        short = language[:2].lower()
        local: str = getattr(self, column)
        named: str = getattr(self, f"{column}_{short}") if short in LANGUAGES else ""
        return named or local


class PlaceName(models.Model):
    """One way to write a place, folded for searching. An alias is searched and never shown."""

    place: Any = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="searched")
    country = models.CharField(max_length=2)  # that of the place, so that one index serves a search
    folded = models.CharField(max_length=120)
    language = models.CharField(max_length=2, blank=True)
    is_alias = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "folded"], name="place_name_unique")]
        indexes = [models.Index(fields=["country", "folded"], name="place_name_by_folded")]

    def __str__(self) -> str:
        return self.folded


class Gazetteer(models.Model):
    """The state of one country's table. `stamp` changes with every change, so that each process sees it."""

    country = models.CharField(primary_key=True, max_length=2)
    stamp = models.UUIDField(default=uuid7)
    shipped = models.CharField(max_length=64, blank=True)  # digest of the shipped table that was loaded
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.country
