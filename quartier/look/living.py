"""The living page: every component in every state, drawn by the same tags as the screens."""

from datetime import timedelta

import h3
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.lib import choices, clock
from quartier.look.templatetags.look_elements import icons

COLOURS = (
    ("ground", pgettext_lazy("colour", "page")),
    ("surface", pgettext_lazy("colour", "what you touch or read")),
    ("sunken", pgettext_lazy("colour", "lanes, disabled")),
    ("ink", pgettext_lazy("colour", "text")),
    ("ink-2", pgettext_lazy("colour", "second text")),
    ("line-strong", pgettext_lazy("colour", "edges of controls")),
    ("plate", pgettext_lazy("colour", "the service")),
    ("tint", pgettext_lazy("colour", "chosen, under the pointer")),
    ("lamp", pgettext_lazy("colour", "a person")),
    ("lamp-soft", pgettext_lazy("colour", "a person is needed")),
    ("danger-fill", pgettext_lazy("colour", "late, danger")),
    ("done", pgettext_lazy("colour", "done")),
)
THEMES = (
    (_("Light"), "light", ""),
    (_("Dark"), "dark", ""),
    (_("High contrast"), "light", "more"),
    (_("High contrast, dark"), "dark", "more"),
)
SLOTS = [(str(bit), str(bit)) for bit in range(len(choices.DAYS) * len(choices.PARTS))]


class Sample(forms.Form):
    """One field of each kind."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Your first name"),
        help_text=_("So that your neighbour knows who will open the door."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    phone = forms.RegexField(
        r"^\+?[0-9 ]{12,}$",
        label=_("Your phone number"),
        help_text=_("Landline or mobile."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"invalid": _("One digit is missing. A landline has nine.")},
    )
    story = forms.CharField(
        label=_("What happened"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tell = forms.ChoiceField(
        label=_("Who must be told"), choices=[("marie", _("Marie, by phone")), ("anna", _("Anna, by text"))]
    )
    locked = forms.CharField(label=_("Written by Ilse at this moment"), required=False, disabled=True)
    kinds = forms.MultipleChoiceField(
        label=_("What do you need?"),
        choices=[(kind.code, kind.name) for kind in choices.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one answer.")},
    )
    message = forms.ChoiceField(
        label=_("May we leave a message?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    agree = forms.BooleanField(label=_("We may give my address to the neighbour who comes."))
    slots = forms.MultipleChoiceField(
        label=_("When are you free?"), choices=SLOTS, required=False, widget=forms.CheckboxSelectMultiple
    )


def _cells() -> list[dict[str, object]]:
    middle = h3.latlng_to_cell(50.8277, 4.3722, 8)
    ring = list(h3.grid_disk(middle, 3))
    meaning: dict[str, dict[str, object]] = {
        middle: {"kind": "lit", "text": pgettext_lazy("map", "here")},
        h3.grid_ring(middle, 2)[0]: {"kind": "me", "text": pgettext_lazy("map", "you")},
        h3.grid_ring(middle, 2)[4]: {"kind": "2", "text": 2},
        h3.grid_ring(middle, 2)[7]: {"kind": "none", "text": 3, "name": "Schaarbeek"},
    }
    return [{"boundary": h3.cell_to_boundary(cell), **meaning.get(cell, {})} for cell in ring]


def page(request: HttpRequest) -> HttpResponse:
    """`?theme=dark` and `?contrast=more` show the whole page so."""
    now = clock.now()
    filled = {
        "name": "Marie",
        "story": _("The heating stopped on Sunday."),
        "locked": "Rue du Page 41",
        "kinds": ["groceries"],
        "message": "no",
        "slots": ["0", "1", "5", "9"],
    }
    wrong = Sample({"name": "Marie", "phone": "02 000 14 2", "tell": "anna"}, auto_id="wrong_%s")
    context = {
        "colours": COLOURS,
        "themes": THEMES,
        "theme": request.GET.get("theme", ""),
        "contrast": request.GET.get("contrast", ""),
        "sample": Sample(initial=filled),
        "wrong": wrong,
        "texts": {
            "groceries": _("Food, things for the house. You pay afterwards, as the receipt says."),
            "pharmacy": _("Collecting your medicines, with or without a prescription."),
        },
        "icons": {kind.code: kind.icon for kind in choices.KINDS},
        "all_icons": sorted(icons()),
        "list": Paginator(range(300), 20).page(3),
        "cells": _cells(),
        "now": now,
        "soon": now + timedelta(hours=2),
        "later": now + timedelta(hours=3),
        "tomorrow": now + timedelta(days=1),
        "far": now + timedelta(days=9),
        "since": now - timedelta(minutes=26),
    }
    return render(request, "look/living.html", context)
