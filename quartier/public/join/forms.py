"""Three short pages, made of the parts in which a volunteer is described (`people.forms`)."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.lib import phone
from quartier.messaging.providers import ways_out
from quartier.people import forms as people
from quartier.people.fields import OrganisationForm
from quartier.people.models import Person
from quartier.public.questions import Answers


class _Page(OrganisationForm):
    """A part as a page of a flow."""

    use_required_attribute = False
    title: Any = ""
    lead: Any = ""
    asks = ""

    def __init__(self, data: Any = None, *, organisation: Any, answers: Answers, initial: Any = None) -> None:
        super().__init__(data, organisation=organisation, initial=initial)

    def may_wait(self) -> bool:
        """Whether what was sent may be put aside in the draft when something in it is wrong."""
        return True

    def answer(self) -> Answers:
        """What to keep, as JSON."""
        return dict(self.cleaned_data)

    def heading(self) -> Any:
        """The question of the page."""
        return self.title

    @property
    def first(self) -> BoundField | None:
        """The first field that is seen."""
        return next(iter(self.visible_fields()), None)


class Where(people.WhereForm):
    """In which neighbourhood."""

    use_required_attribute = False
    title = _("Where do you live?")
    lead = ""
    asks_calmly = True

    def __init__(self, data: Any = None, *, organisation: Any, answers: Answers, initial: Any = None) -> None:
        kept = answers.get("where", {})
        super().__init__(
            data, organisation=organisation, initial=initial, kept=kept.get("found") if kept else None
        )

    def visible_fields(self) -> list[BoundField]:
        fields = super().visible_fields()
        return [each for each in fields if each.name != "place" or self.asks_which]

    def may_wait(self) -> bool:
        """Whether what was sent may be put aside in the draft when something in it is wrong."""
        return True

    def answer(self) -> Answers:
        """The words, and what they stand for."""
        return {"where": self.cleaned_data["where"], "found": self.where_fields()}

    def heading(self) -> Any:
        """The question of the page."""
        return self.title

    @property
    def first(self) -> BoundField | None:
        """The first field that is seen."""
        return next(iter(self.visible_fields()), None)


class What(_Page, people.WhatForm):
    """Kinds of help. The languages are asked later, with everything else that can wait."""

    title = _("What can you do?")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields = {"kinds": self.fields["kinds"]}
        self.fields["kinds"].group = "cols"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or self.cleaned_data


class Reach(_Page, people.WhoForm):
    """Name, a mobile number or a mail address, and the charter. How we ask and in which language follows from these."""

    title = _("How can we reach you?")
    # A number or a mail address: neither is optional by itself.
    marks_optional = False
    charter = forms.BooleanField(
        label=_("I will keep to it, and I agree that the team may keep these answers."),
        error_messages={"required": _("Tick the box if you agree. Without it we cannot ask you.")},
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields = {name: self.fields[name] for name in ("name", "phone", "email", "charter")}
        self.fields["name"].help_text = ""
        ways = ways_out.written_ways()
        self._by_text, self._by_mail = ways_out.TEXT in ways, ways_out.EMAIL in ways
        if self._by_text:
            self.fields["phone"].help_text = _("You will get a code by text.")
        elif self._by_mail:
            self.fields["phone"].help_text = _("We do not send texts yet: the code will come by email.")
        if self._by_text and self._by_mail:
            self.fields["email"].help_text = _("If you leave the number empty, the code will come by email.")

    @property
    def is_mail_open(self) -> bool:
        """Whether the mail address is seen at once: something stands in it, or is wrong with it."""
        return bool(self["email"].value() or self["email"].errors) or not self._by_text

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or self.cleaned_data
        number, mail = data.get("phone"), data.get("email")
        if not {"phone", "email"} & set(self.errors):
            if not (self._by_text or self._by_mail):
                self.add_error(None, _("We cannot write to anyone from this page yet. Please call us."))
            elif not self._by_text and not mail:
                self.add_error("email", _("Enter your email address: we do not send texts yet."))
            elif not self._by_mail and not (number and phone.is_mobile(number)):
                self.add_error("phone", _("Enter a mobile number: we do not send emails yet."))
            elif not number and not mail:
                self.add_error(
                    "phone", _("Enter a mobile number or an email address, so that we can ask you.")
                )
            elif number and not mail and not phone.is_mobile(number):
                self.add_error(
                    "phone",
                    _("This number cannot receive texts. Enter a mobile number, or your email address."),
                )
        return data

    def answer(self) -> Answers:
        """What to keep, as JSON."""
        data = self.cleaned_data
        by_text = self._by_text and data["phone"] and phone.is_mobile(data["phone"])
        return {
            **{name: data[name] for name in ("name", "phone", "email")},
            "channel": Person.Channel.TEXT if by_text else Person.Channel.EMAIL,
            "language": self._language(),
            "speaks": self._speaks(),
        }

    def _language(self) -> str:
        """The language of the page, where we write it; else the first that we write."""
        here = (get_language() or "")[:2]
        written = [code for code, _name in people.UI_LANGUAGES if code in self.organisation.languages]
        return here if here in written or not written else written[0]

    def _speaks(self) -> str:
        """The language of the page, which they could read, also where we do not write it."""
        here = (get_language() or "")[:2]
        return here if here in dict(people.UI_LANGUAGES) else self._language()
