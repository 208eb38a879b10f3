"""The form by which the two of a visit write to each other, on the page of either."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quartier.conversation import actions, relayed_words
from quartier.conversation.queries import Exchange
from quartier.lib.ids import uuid7
from quartier.lib.text import clean
from quartier.messaging.models import Message

BY = {
    Message.Channel.TEXT: _("It goes as a text, without your number."),
    Message.Channel.EMAIL: _("It goes by email, without your address."),
}
BY_PHONE = _("It goes to their phone, without your number.")
# What became of words that came when the visit had ended, where the page must say more than that the team reads them:
# no message says it.
SAID_LATE = frozenset(
    {actions.Came.DANGER, actions.Came.VIOLENCE, actions.Came.STOPPED, actions.Came.STARTED}
)


class SafeWords(forms.CharField):
    """What was typed, safe to keep and to show; longer than it may be, it is told, and not cut."""

    def to_python(self, value: Any) -> str:
        return clean("" if value is None else str(value), (self.max_length or 0) + 1)


class Sent(forms.Form):
    """A few words, as they were sent. `once` tells this form from the next one."""

    use_required_attribute = False
    words = SafeWords(
        max_length=actions.MAX_WORDS_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write a few words."),
            "max_length": _(
                "This is too long: it can be at most %(limit_value)d characters. We have kept what you wrote."
            ),
        },
    )
    once = forms.UUIDField(widget=forms.HiddenInput)


class WordsToOther(Sent):
    """The same, with the name of the other one above."""

    def __init__(self, data: Any = None, *, exchange: Exchange) -> None:
        super().__init__(data, initial={"once": uuid7()})
        field = self.fields["words"]
        field.label = title(exchange)
        # The browser must not cut off silently what somebody pastes.
        field.widget.attrs.pop("maxlength", None)
        way = BY.get(Message.Channel(exchange.channel), BY_PHONE) if exchange.channel else ""
        rest = gettext("Phone numbers, email addresses and links are left out. Our team can read it.")
        field.help_text = f"{way} {rest}"

    def clean_words(self) -> str:
        """Not a number or a link alone, of which nothing would be passed on."""
        words: str = self.cleaned_data["words"]
        if not re.search(r"\w", relayed_words.without_ways(words)):
            raise forms.ValidationError(
                _("Phone numbers and links are not passed on. Write in words what it is about.")
            )
        return words

    def too_many(self) -> None:
        """Say that it was not sent, since so many were."""
        self.add_error(
            "words",
            forms.ValidationError(
                _(
                    "You have sent many messages in the last hour. We have kept what you wrote: send it a little "
                    "later, or call."
                )
            ),
        )


def title(exchange: Exchange) -> str:
    """To whom it is written."""
    if not exchange.name:
        return gettext("Write to the person you help")
    return gettext("Write to %(name)s") % {"name": exchange.name}
