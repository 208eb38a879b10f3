"""Three calm questions after a visit: asked on the private page, and by one of the team who calls."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.followup.models import FollowUp
from quartier.followup.rules import Said
from quartier.lib.text import clean

How = FollowUp.How
HAPPENED = [("yes", pgettext_lazy("did it happen", "Yes")), ("no", pgettext_lazy("did it happen", "No"))]
HOW = [
    (str(How.VERY_GOOD.value), pgettext_lazy("how it went", "Very good")),
    (str(How.GOOD.value), pgettext_lazy("how it went", "Good")),
    (str(How.NOT_GOOD.value), pgettext_lazy("how it went", "Not good")),
]
NEED = [
    ("no", _("No, everything is all right")),
    ("call", _("Yes, please call me")),
]
WORDS_AT_MOST = 2000


class AnswerForm(forms.Form):
    """Nothing has to be answered, but something must. `name`: the first name of who went; `remote`: a call."""

    use_required_attribute = False

    happened = forms.ChoiceField(choices=HAPPENED, widget=forms.RadioSelect, required=False)
    how = forms.ChoiceField(label=_("Did it go well?"), choices=HOW, widget=forms.RadioSelect, required=False)
    need = forms.ChoiceField(
        label=_("Do you need anything else?"), choices=NEED, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("Would you like to add something?"),
        help_text=_("Only our team reads it, not the person who came."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(self, *args: Any, name: str, remote: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _("Did %(name)s call you?") if remote else _("Did %(name)s come to you?")
        self.fields["happened"].label = asked % {"name": name}

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"], WORDS_AT_MOST)

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.said().is_empty:
            self.add_error("happened", _("Choose an answer, or write a few words below."))
        return self.cleaned_data

    def said(self) -> Said:
        """What a valid form says."""
        given = self.cleaned_data
        calm = given.get("need") == "no"
        happened = {"yes": True, "no": False}.get(given.get("happened", ""))
        how = given.get("how")
        # "No, everything is fine" alone says that it happened.
        return Said(
            happened=True if happened is None and calm and not how else happened,
            how=int(how) if how else None,
            wants_call=given.get("need") == "call",
            words=given.get("words", ""),
        )


def kept(follow_up: FollowUp) -> dict[str, str]:
    """What was answered, as the form shows it."""
    if follow_up.answered_at is None:
        return {}
    happened = "" if follow_up.happened is None else "yes" if follow_up.happened else "no"
    return {
        "happened": happened,
        "how": str(follow_up.how or ""),
        "need": "call" if follow_up.wants_call else "",
        "words": follow_up.words,
    }
