"""Sealed columns: plain in Python, encrypted in the database, opened only when they are read.

A sealed value is bound to its row, so the model needs its primary key before saving (`default=uuid7`) and an
`organisation`. Sealed columns cannot be filtered, ordered or changed by `QuerySet.update`.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from quartier.lib import crypto

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class Ciphertext(str):
    """Text as it stands in the database."""

    __slots__ = ()


def _place(instance: models.Model, column: str) -> str:
    organisation = getattr(instance, "organisation_id", None)
    return f"{organisation}|{instance._meta.db_table}|{instance.pk}|{column}"


class _Opener(DeferredAttribute):
    """Opens a value at its first reading and remembers it."""

    field: "SealedText"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            super().__get__(instance, cls)
        value = instance.__dict__[name]
        if isinstance(value, Ciphertext):
            value = self.field.read(crypto.unseal(value, _place(instance, str(self.field.column))))
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedText(TextField):
    """Text sealed for its row. The empty string stays empty."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    descriptor_class = _Opener

    def read(self, plain: bytes) -> Any:
        return plain.decode()

    def write(self, value: Any) -> bytes:
        return str(value).encode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return Ciphertext(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or value == "" or isinstance(value, Ciphertext):
            return value
        if model_instance.pk is None:
            raise TypeError(f"{model_instance._meta.label} needs its key before {self.name} can be sealed")
        return Ciphertext(crypto.seal(self.write(value), _place(model_instance, str(self.column))))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "" or isinstance(value, Ciphertext):
            return None if value is None else str(value)
        raise TypeError(f"{self.name} is sealed: it cannot be compared or updated in SQL")


class SealedJSON(SealedText):
    """A value of JSON sealed for its row; `None` when there is none."""

    def read(self, plain: bytes) -> Any:
        return json.loads(plain)

    def write(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
