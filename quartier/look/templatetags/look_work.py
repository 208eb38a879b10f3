"""Components of work and volunteer screens: rows, cards, lanes, the call bar, clocks, maps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.lib import clock as the_clock
from quartier.look import rules
from quartier.look.templatetags.look_elements import EMPTY, attributes, classes, drawing, element

register = template.Library()

NO_TIME = SafeString('<circle cx="12" cy="12" r="9.5"/><path d="M10 9v6M14 9v6"/>')
LATE = SafeString(
    '<circle class="face" cx="12" cy="12" r="11"/><path class="bang" d="M12 6v7.5M12 17.6v.1"/>'
)
NUMBER = '<text class="svg-p" x="12" y="16.5" font-size="12" text-anchor="middle">{}</text>'
USED = (
    '<circle cx="12" cy="12" r="9.5"/><circle class="used" cx="12" cy="12" r="4" pathLength="100" '
    'stroke-dasharray="{} 100" transform="rotate(-90 12 12)"/>'
)


@register.simple_block_tag
def rows(content: str, label: str) -> SafeString:
    """A table of work; put `<thead>` and `<tbody>` inside. It scrolls by itself when the screen is narrow."""
    return format_html(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0"><table class="rows">{}</table></div>',
        label,
        content,
    )


@register.simple_block_tag
def card(content: str, late: bool = False, **given: Any) -> SafeString:
    """One request of a lane: `card-top` with the clock, a title in `<h3>`, what, where, what comes next."""
    given["class"] = classes("card", "card-late" if late else "", given.pop("class", ""))
    return element("article", content, **given)


@register.simple_block_tag
def lane(content: str, name: str, title: str, count: int, oldest: str = "", empty: str = "") -> SafeString:
    """A next step and those who wait for it (`<li>` with a `card`), or `empty`. `name` is the id."""
    return SafeString(
        render_to_string(
            "look/components/lane.html",
            {
                "name": name,
                "title": title,
                "count": count,
                "oldest": oldest,
                "empty": empty,
                "content": content,
            },
        )
    )


@register.simple_block_tag
def callbar(content: str, title: str, text: str = "", timer: str = "", state: str = "") -> SafeString:
    """The call, always in the same place; its buttons inside. `state`: nothing (talking), ringing, hold."""
    data = {"title": title, "text": text, "timer": timer, "state": state, "content": content}
    return SafeString(render_to_string("look/components/callbar.html", data))


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """A question before what cannot be undone, opened by a `button command="show-modal" commandfor=name`."""
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title"><h2 id="{0}-title">{1}</h2>{2}</dialog>',
        name,
        title,
        content,
    )


@register.simple_block_tag
def toast(content: str, text: str) -> SafeString:
    """What was done, with a way to undo it inside. Never the only place where something is said."""
    return element("div", format_html("<p>{}</p>{}", text, content), **{"class": "toast", "role": "status"})


@register.simple_block_tag
def blank(content: str, title: str, text: str = "") -> SafeString:
    """Why nothing is here, and what to do; a button may stand inside."""
    data = {"title": title, "text": text, "content": content}
    return SafeString(render_to_string("look/components/blank.html", data))


@register.simple_block_tag
def decide(content: str, label: str, **given: Any) -> SafeString:
    """Two answers of one size under the thumb: two `button size="l"` and a sentence. Stands in a form."""
    return element("div", content, **{"class": "decide", "role": "group", "aria_label": label} | given)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """What decides: how far, how long, how much, in what language; made of `fact`."""
    return element("dl", content, **{"class": "facts"})


@register.simple_tag
def fact(icon: str, name: str, value: str) -> SafeString:
    return format_html("<div>{}<dt>{}</dt><dd>{}</dd></div>", drawing(icon), name, value)


# ---- waits ----


@register.simple_tag
def clock(
    minutes: float | None = None,
    promise: float = 0,
    since: datetime | None = None,
    rest: str = "",
    label: str | None = None,
    late: str | None = None,
    size: str = "",
) -> SafeString:
    """The age of a wait, given in `minutes` or as the time `since`, against the `promise` (minutes).

    With `since`, `clocks.js` keeps it right. `rest` is said instead when the person asked to wait ("rests
    until 6 pm"). `label` is what a screen reader hears first, `late` the word after a broken
    promise. `size`: `l`.
    """
    large = "clock-l" if size == "l" else ""
    if rest:
        return _clock(classes("clock clock-rest", large), NO_TIME, "", rest, {})
    if minutes is None:
        minutes = rules.minutes_between(since, the_clock.now()) if since else 0
    state = rules.wait(float(minutes), float(promise))
    word = pgettext("a wait", "late") if late is None else late
    text = f"{state.text}, {word}" if state.state == "late" else state.text
    live = {"data_since": since.isoformat(), "data_promise": promise, "data_late": word} if since else {}
    face = LATE if state.state == "late" else format_html(USED, state.used)
    said = pgettext("a wait", "waiting") if label is None else label
    return _clock(classes(f"clock clock-{state.state}", large), face, said, text, live)


@register.simple_tag
def time_left(minutes: float, promise: float, size: str = "") -> SafeString:
    """How long an answer may still take: `11 min to answer`. Never a threat: it does not turn red."""
    left = max(0.0, float(minutes))
    used = 100 - min(100, round(left / promise * 100)) if promise else 0
    text = (
        _("%(time)s to answer") % {"time": rules.age(left)}
        if left >= 1
        else _("the time to answer has passed")
    )
    css = classes("clock", "clock-soon" if used >= 50 else "clock-new", "clock-l" if size == "l" else "")
    return _clock(css, format_html(USED, used), "", text, {})


def _clock(css: str, face: str, label: str, text: str, live: dict[str, Any]) -> SafeString:
    said = format_html('<span class="vh">{} </span>', label) if label else EMPTY
    return format_html(
        '<span class="{}"{}><svg viewBox="0 0 24 24" aria-hidden="true">{}</svg>{}<span>{}</span></span>',
        css,
        attributes(live),
        face,
        said,
        text,
    )


@register.simple_tag
def server_time() -> str:
    """The time as the installation sees it, for the live clocks."""
    return the_clock.now().isoformat()


# ---- maps ----


@register.simple_tag
def hex_map(cells: Iterable[Any], label: str, width: int = 380, height: int = 216) -> SafeString:
    """A map of neighbourhoods; `label` says in words what it shows. `cells` as for `rules.draw_cells`."""
    drawn = rules.draw_cells(cells, width, height)
    outlines = "".join(f'<path class="{escape(cell["css"])}" d="{cell["path"]}"/>' for cell in drawn)
    inside = outlines + "".join(_on_cell(cell) for cell in drawn)
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        str(width),
        str(height),
        label,
        mark_safe(inside),  # noqa: S308 - words are escaped, the rest is numbers
    )


TEXT_ON_CELL = {"2": "svg-p", "lit": "svg-l"}


def _on_cell(cell: dict[str, Any]) -> str:
    """The number on a cell and the name below it. Of hundreds of cells: put together without a template."""
    kind, text, name, x = cell["kind"], cell["text"], cell["name"], cell["x"]
    parts = []
    if kind == "none" and text:
        parts.append(f'<circle class="badge" cx="{x}" cy="{cell["y"]}" r="10"/>')
    if text:
        parts.append(
            f'<text class="{TEXT_ON_CELL.get(kind, "svg-t")}" x="{x}" y="{cell["text_y"]}" '
            f'text-anchor="middle" font-size="{cell["size"]}">{escape(text)}</text>'
        )
    if name:
        parts.append(
            f'<text class="svg-h" x="{x}" y="{cell["name_y"]}" text-anchor="middle" font-size="13">'
            f"{escape(name)}</text>"
        )
    return "".join(parts)


@register.simple_tag
def legend_item(kind: str, text: str, number: str | int = "") -> SafeString:
    """One entry of `<ul class="legend">`. `kind`: `hx`, `hx-1`, `hx-2`, `hx-lit`, `hx-none`, `hx-me`."""
    written = format_html(NUMBER, number) if number != "" else EMPTY
    hexagon = format_html('<path class="{}" d="M12 2l9 5v10l-9 5-9-5V7z"/>', kind)
    return format_html(
        '<li><svg viewBox="0 0 24 24" aria-hidden="true">{}{}</svg>{}</li>', hexagon, written, text
    )
