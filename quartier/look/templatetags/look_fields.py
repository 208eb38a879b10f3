"""Forms: a label, why we ask, what is wrong, then the box; choices as cards; the errors first of all."""

from typing import Any

from django import forms, template
from django.forms import BoundField

from quartier.lib import choices as names

register = template.Library()
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _first_id(bound: BoundField) -> str:
    """Where a link to this field goes: its box, or the first card of its choices."""
    own = str(bound.auto_id)
    return f"{own}_0" if isinstance(bound.field.widget, GROUPS) else str(bound.id_for_label or own)


def _described(bound: BoundField, hint: Any) -> str:
    ids = [f"{bound.auto_id}_hint"] if hint else []
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


@register.inclusion_tag("look/components/field.html")
def field(
    bound: BoundField,
    hint: str = "",
    title: bool = False,
    group: str = "",
    width: str | int = "",
    icons: dict[Any, str] | None = None,
    texts: dict[Any, Any] | None = None,
    keys: str = "",
    **given: Any,
) -> dict[str, Any]:
    """A field of a form, drawn by its widget: text, select, checkbox, or radios and checkboxes as cards.

    `title`: the label is the question of the page. `group`: `two` (yes and no), `pick` (console).
    `keys`: a shortcut that leads to the cards, drawn beside the label. `width`: 4, 8 or 16 characters.
    `icons`, `texts`: by value, for cards; else those of the field itself.
    Further keywords are attributes of the box (`inputmode`, `autocomplete`, `hx_get`...). A form whose `marks_optional`
    is False never says that a field is optional: what it demands depends on the other answers.
    """
    _say_nothing_yet(bound.form)
    widget = bound.field.widget
    said = hint or bound.help_text
    data: dict[str, Any] = {
        "bound": bound,
        "hint": said,
        "title": title,
        "described": _described(bound, said),
        "optional": not (
            bound.field.required
            or bound.field.disabled
            or isinstance(widget, (forms.CheckboxInput, *GROUPS))
            or not getattr(bound.form, "marks_optional", True)
        ),
    }
    if isinstance(widget, GROUPS):
        pictures = icons or getattr(bound.field, "icons", {})
        lines = texts or getattr(bound.field, "texts", {})
        data |= {"shape": "group", "group": group, "small": bool(group), "keys": keys}
        data["cards"] = [
            {
                "id": f"{bound.auto_id}_{number}",
                "value": option.data["value"],
                "label": option.choice_label,
                "checked": option.data["selected"],
                "disabled": bool(option.data["attrs"].get("disabled")) or bound.field.disabled,
                "icon": pictures.get(option.data["value"], ""),
                "text": lines.get(option.data["value"], ""),
            }
            for number, option in enumerate(bound.subwidgets)
        ]
        data["type"] = "checkbox" if isinstance(widget, forms.CheckboxSelectMultiple) else "radio"
        return data
    attrs = {name.replace("_", "-"): value for name, value in given.items()}
    if data["described"]:
        attrs["aria-describedby"] = data["described"]
    if isinstance(widget, forms.CheckboxInput):
        return data | {"shape": "single", "box": bound.as_widget(attrs=attrs)}
    own = str(widget.attrs.get("class", ""))
    attrs["class"] = " ".join(part for part in ("input", f"w-{width}" if width else "", own) if part)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return data | {"shape": "box", "box": bound.as_widget(attrs=attrs)}


@register.inclusion_tag("look/components/week.html")
def week(bound: BoundField, hint: str = "", title: bool = False) -> dict[str, Any]:
    """The seven days and three parts of a week to tick. The values are the bits of the slots, 0 to 20."""
    ticked = {str(value) for value in bound.value() or []}
    parts = len(names.PARTS)
    rows = [
        {
            "day": name,
            "cells": [
                {
                    "id": f"{bound.auto_id}_{day * parts + part}",
                    "value": day * parts + part,
                    "part": names.PARTS[part][0],
                    "checked": str(day * parts + part) in ticked,
                }
                for part in range(parts)
            ],
        }
        for day, name in enumerate(names.DAYS)
    ]
    said = hint or bound.help_text
    return {
        "bound": bound,
        "hint": said,
        "title": title,
        "described": _described(bound, said),
        "parts": [part[0] for part in names.PARTS],
        "rows": rows,
    }


def _say_nothing_yet(form: forms.BaseForm) -> None:
    """Of what somebody left half written it is not said what is missing: nobody has said yet that it is the answer."""
    if getattr(form.data, "is_left", False):
        form.errors.clear()


@register.inclusion_tag("look/components/error_summary.html")
def error_summary(*given: forms.BaseForm) -> dict[str, Any]:
    """What is left to put right in these forms, with a link to each box. Nothing when nothing is wrong."""
    found: list[dict[str, Any]] = []
    for form in given:
        if not isinstance(form, forms.BaseForm) or not form.is_bound:
            continue
        _say_nothing_yet(form)
        found += [{"text": text, "to": ""} for text in form.non_field_errors()]
        found += [
            {"text": form.errors[name][0], "to": _first_id(form[name])}
            for name in form.fields
            if name in form.errors
        ]
    return {"found": found}
