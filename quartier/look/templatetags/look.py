"""The components of every page. `/look/` shows each of them in every state.

Every tag takes further attributes as keywords: `data_since="..."` becomes `data-since`. `True` gives a bare
attribute; `None`, `False` and the empty string leave it out.
"""

from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.lib import clock as the_clock
from quartier.lib import elision
from quartier.look import rules
from quartier.look.templatetags import look_fields, look_work
from quartier.look.templatetags.look_elements import EMPTY, classes, drawing, element

register = template.Library()
for part in (look_fields, look_work):
    register.tags.update(part.register.tags)

BUTTONS = {
    "": "",
    "second": "btn-2",
    "stop": "btn-stop",
    "alarm": "btn-alarm",
    "quiet": "btn-quiet",
    "answer": "btn-answer",
}


# ---- pictures and words ----

register.simple_tag(drawing, name="icon")


@register.simple_block_tag
def plate(content: str, kind: str = "") -> SafeString:
    """An enamel sign. `kind`: `word` (a code word), `word2` (for a volunteer), `sign2` (an address)."""
    return element("p", content, **{"class": classes("plate", kind)})


@register.simple_tag
def phone_plate(display: str, number: str, note: str = "") -> SafeString:
    """The line's number as a plate that calls it."""
    small = element("span", note) if note else EMPTY
    return format_html(
        '<a class="plate phone" href="tel:{}"><strong>{}</strong>{}</a>', number, display, small
    )


@register.simple_tag
def window(name: str = "", small: bool = False, off: bool = False) -> SafeString:
    """The lit window of a person: the first letter of the name; dark and dashed when `off`."""
    letter = "" if off else str(name).strip()[:1].upper()
    css = classes("window", "window-s" if small else "", "window-off" if off else "")
    return element("span", letter, **{"class": css, "aria_hidden": "true"})


@register.simple_tag
def person(name: str, text: str = "", small: bool = False, off: bool = False) -> SafeString:
    """A window, the name, and what the person does."""
    words = format_html("<b>{}</b>", name) if text or not small else name
    if text:
        words = format_html("{}<br>{}", words, text)
    return format_html('<span class="person">{}<span>{}</span></span>', window(name, small, off), words)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """A key on a button: `Alt+M` is drawn as `Alt M`."""
    shown = (
        keys.replace("Enter", pgettext("a key", "Enter"))
        .replace("Arrow", "")
        .replace("Down", "↓")
        .replace("Up", "↑")
        .replace("+", " ")
    )
    return element("kbd", shown, **{"class": "kbd"})


@register.simple_tag
def tag(text: str, kind: str = "", icon: str = "", **given: Any) -> SafeString:
    """A state: a shape and a word. `kind`: `human` (somebody is there), none, way, done, stop, closed."""
    picture = drawing(icon) if icon else EMPTY
    given["class"] = classes("tag", f"tag-{kind}" if kind else "")
    return element("span", format_html("{}{}", picture, text), **given)


# ---- buttons and links ----


def _button_content(text: str, icon: str, key: str) -> SafeString:
    picture = drawing(icon) if icon else EMPTY
    return format_html("{}{}{}", picture, text, format_html(" {}", kbd(key)) if key else EMPTY)


def _button_class(kind: str, size: str, wide: bool, more: str) -> str:
    return classes("btn", BUTTONS[kind], "btn-l" if size == "l" else "", "btn-wide" if wide else "", more)


@register.simple_tag
def button(
    text: str,
    kind: str = "",
    icon: str = "",
    size: str = "",
    wide: bool = False,
    key: str = "",
    **given: Any,
) -> SafeString:
    """A button. `kind`: nothing (the one filled button), second, stop, alarm, quiet, answer. `size`: `l`.

    `key` (`Alt+M`) is shown on it and pressed by `work.js`.
    """
    given["class"] = _button_class(kind, size, wide, given.pop("class", ""))
    given["aria_keyshortcuts"] = key
    return element("button", _button_content(text, icon, key), **given)


@register.simple_tag
def link_button(
    text: str,
    href: str,
    kind: str = "",
    icon: str = "",
    size: str = "",
    wide: bool = False,
    key: str = "",
    **given: Any,
) -> SafeString:
    """A link that looks like a button; arguments as for `button`."""
    given = {"href": href, **given, "class": _button_class(kind, size, wide, given.pop("class", ""))}
    given["aria_keyshortcuts"] = key
    return element("a", _button_content(text, icon, key), **given)


@register.simple_tag
def back_link(href: str, text: str = "") -> SafeString:
    """The way back, above the question."""
    return format_html('<a class="backlink" href="{}">{}{}</a>', href, drawing("back"), text or _("Back"))


@register.simple_tag
def back_button(form: str, to: str = "back") -> SafeString:
    """The way back (`to` this address) as a button of the form with this id, so that what is written there comes
    along."""
    return format_html(
        '<button class="backlink" form="{}" name="leave" value="{}">{}{}</button>',
        form,
        to,
        drawing("back"),
        _("Back"),
    )


@register.simple_tag
def nav_link(
    text: str, href: str, current: bool = False, count: int | None = None, **given: Any
) -> SafeString:
    """One entry of tabs, of the bar on top or of chips: `class="chip"` for a chip."""
    number = EMPTY
    if count is not None:
        number = format_html(' <span class="count">{}</span>', number_format(count, force_grouping=True))
    given = {"href": href, **given, "aria_current": "page" if current else None}
    return element("a", format_html("{}{}", text, number), **given)


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    """Tabs are links (`nav_link`): the server draws what is under them."""
    return element("nav", content, **{"class": "tabs", "aria_label": label})


@register.inclusion_tag("look/components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the earlier and later pages of a list, for a `Page` of Django's paginator. Keeps the query."""
    return {"at": page, "request": context.get("request")}


# ---- blocks ----


@register.simple_block_tag
def notice(content: str, kind: str = "", icon: str = "", title: str = "", **given: Any) -> SafeString:
    """Something to know. `kind`: nothing (plain), `human` (somebody must act), `stop` (danger), `done`."""
    name = icon or {"human": "hand", "stop": "alert", "done": "tick"}.get(kind, "")
    strong = format_html("<b>{}</b> ", title) if title else EMPTY
    given["class"] = classes("notice", f"notice-{kind}" if kind else "")
    picture = drawing(name) if name else EMPTY
    return element("div", format_html("{}<div>{}{}</div>", picture, strong, content), **given)


@register.simple_block_tag
def summary(content: str) -> SafeString:
    """Answers to check: a list of `summary_row`."""
    return element("dl", content, **{"class": "sum"})


@register.simple_tag
def summary_row(name: str, value: str, change: str = "", what: str = "") -> SafeString:
    """One answer; `change` is the link to its question, `what` says to a screen reader what it changes."""
    act: SafeString = EMPTY
    if change:
        said = format_html('<span class="vh"> {}</span>', what or name)
        act = format_html('<dd class="act"><a href="{}">{}{}</a></dd>', change, _("Change"), said)
    return format_html("<div><dt>{}</dt><dd>{}</dd>{}</div>", name, value, act)


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """Where we are: a list of `step`."""
    return element("ol", content, **{"class": "time"})


@register.simple_tag
def step(title: str, when: str = "", state: str = "", text: str = "") -> SafeString:
    """One step. `state`: nothing (behind us), `now` (somebody is at it), `next`."""
    words = format_html("<b>{}</b> ", title) if state != "next" or text else format_html("{} ", title)
    time = format_html("<time>{}</time>", when) if when else EMPTY
    return element("li", format_html("{}{}{}", words, text, time), **{"class": state})


@register.inclusion_tag("look/components/never_card.html")
def never_card(who: str) -> dict[str, Any]:
    """What stands wherever money appears. `who` reads it: `gives` (who pays), `takes` (a volunteer), `team`."""
    return {"who": who}


# ---- filters ----

register.filter("phone", rules.phone)
register.filter("clock_time", rules.clock_time)
register.filter("distance", rules.distance)
register.filter("age", rules.age)
register.filter("money", rules.money)
register.filter("euros", rules.euros)


@register.filter(is_safe=True)
def elided(text: str) -> str:
    """Around a text of ours that names somebody: in French "que Amina" becomes "qu’Amina"."""
    return elision.elided(text)


@register.filter
def grouped(number: int) -> str:
    """A count as each language writes thousands."""
    return number_format(number, force_grouping=True)


@register.filter
def since_time(moment: datetime) -> str:
    return rules.since_time(moment, the_clock.now())


@register.filter
def is_today(moment: datetime) -> bool:
    """Whether its time says enough, without the day."""
    return rules.is_today(moment, the_clock.now())


@register.filter
def day(moment: datetime | date) -> str:
    return rules.day(moment, the_clock.now())


@register.filter
def calendar_day(moment: datetime | date, parts: str = "") -> str:
    """The day itself, as each language writes it; with the year: `calendar_day:"Y"`."""
    return rules.calendar_day(moment, "Y" in parts)


register.filter("full_day", rules.full_day)


@register.filter
def day_time(moment: datetime) -> str:
    return rules.day_time(moment, the_clock.now())


@register.filter
def before(moment: datetime) -> str:
    return rules.before(moment, the_clock.now())


@register.simple_tag
def opening(hours: dict[str, str]) -> str:
    """`Monday to Friday, 9 am to 5 pm`, of `{byday, opens_at, closes_at}`."""
    return rules.opening(hours["byday"], hours["opens_at"], hours["closes_at"])


@register.simple_tag
def between(start: datetime, end: datetime) -> str:
    return rules.between(start, end)


@register.simple_tag
def when(start: datetime | None, end: datetime) -> str:
    """`today between 10 and 11 am`, or `before 6 pm tomorrow` without a start."""
    return rules.window(start, end, the_clock.now())
