"""What is wrong with an amount or a picture, in words; and a picture as an answer. Shared by the three surfaces on
which money appears (a file of its own: they may not import each other)."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.expenses.pictures import Refused
from quartier.expenses.rules import BadAmount, OverCap, Wrong, parse_amount

AMOUNT = {
    Wrong.EMPTY: gettext_lazy("Enter the amount, such as 12.50."),
    Wrong.UNREADABLE: gettext_lazy("We cannot read this amount. Enter it as 12.50."),
    Wrong.CURRENCY: gettext_lazy("Enter the amount in euros, such as 12.50."),
    Wrong.NOT_ABOVE_ZERO: gettext_lazy("The amount must be more than zero."),
    Wrong.DECIMALS: gettext_lazy("Enter at most two digits after the point, such as 12.50."),
    Wrong.TOO_MUCH: gettext_lazy("This looks too high. Check where the point is."),
}
PICTURE = {
    Refused.TOO_BIG: gettext_lazy("This file is too large: 12 MB at most. Take a photo of the receipt."),
    Refused.TOO_MANY_PIXELS: gettext_lazy("This photo is too large. Take it again with a lower resolution."),
    Refused.HEIC: gettext_lazy(
        "We cannot open photos of this kind (HEIC). Take a photo of the receipt from here, or save it as "
        "JPEG."
    ),
    Refused.PDF: gettext_lazy("This is a PDF. Take a photo of the receipt, or of the screen."),
    Refused.KIND: gettext_lazy("We cannot open this photo. It must be a JPEG or PNG file."),
    Refused.BROKEN: gettext_lazy("This photo did not arrive complete. Take it again."),
}


def cents(text: str) -> int:
    """An amount as somebody typed it in a form; raises `ValidationError` with what is wrong."""
    try:
        return parse_amount(text)
    except BadAmount as error:
        raise ValidationError(str(AMOUNT[error.why])) from None


def over(cap: OverCap, euros: Callable[[int], str]) -> str:
    """That it is more than may be laid out, and what to do."""
    values = {"cap": euros(cap.cap), "left": euros(cap.left)}
    if cap.per == "visit":
        return _("The limit for one visit is %(cap)s. Call our team before you pay more.") % values
    return (
        _("For this person, %(left)s is left of %(cap)s a week. Call our team, and we’ll find a way.")
        % values
    )


def as_file(picture: bytes) -> HttpResponse:
    """A photograph of a receipt: shown, never kept by anybody on the way, and nothing else than a picture."""
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["Content-Disposition"] = 'inline; filename="receipt.jpg"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
