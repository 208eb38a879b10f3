"""Whether callers can be written to. `messaging` knows what the installation can send, and this room does not know of
`messaging`: `intake`, which knows both, tells it at the start of each process."""

from collections.abc import Callable

import phonenumbers

from quartier.lib import phone

_can_be_answered: Callable[[], bool] | None = None


def set_text_check(can_be_answered: Callable[[], bool]) -> None:
    """`can_be_answered`: whether the installation sends texts, and hears what is answered to them."""
    global _can_be_answered
    _can_be_answered = can_be_answered


def can_text_number(number: str, country: str) -> bool:
    """Whether a text to this number (E.164) is sent and can be answered: a mobile of the line's own country, since a
    text abroad costs many times as much."""
    if _can_be_answered is None or not phone.is_mobile(number):
        return False
    home = f"+{phonenumbers.country_code_for_region(country)}"
    return number.startswith(home) and _can_be_answered()
