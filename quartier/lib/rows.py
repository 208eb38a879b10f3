"""A row that is held and not read."""

from typing import Any

from django.db.models import Model


def hold(model: type[Model], **which: Any) -> None:
    """Hold one row until the end of the transaction. Nothing of it is read: whoever wants to know more reads it after
    that, with what belongs to it. Raises `DoesNotExist`."""
    model._default_manager.select_for_update().order_by().values_list("pk").get(**which)
