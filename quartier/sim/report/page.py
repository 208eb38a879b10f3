"""The page: every part of a report in one HTML file that needs nothing from elsewhere."""

import base64
import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from quartier import look
from quartier.sim.report import alone, burden, diary, lasting, scenes, side, waiting, windows, words
from quartier.sim.trace import Trace

HERE = Path(__file__).parent
LOOK = Path(look.__path__[0]) / "static" / "look"
LANGUAGES = ("fr", "nl", "de", "en")


def html(trace: Trace, language: str) -> str:
    """The whole report in one of `LANGUAGES`. Raises `ValueError` for another, or for a trace without a policy."""
    if language not in LANGUAGES:
        raise ValueError(f"a report is written in one of {', '.join(LANGUAGES)}, not {language!r}")
    if not trace.policies:
        raise ValueError("a report needs at least one policy")
    with translation.override(language), timezone.override(trace.time_zone):
        return render_to_string("sim/report/page.html", _context(trace, language))


def _context(trace: Trace, language: str) -> dict[str, Any]:
    policies, script, style = trace.policies, _file("slider.js"), _style()
    stage = scenes.stage(trace, language)
    return {
        "title": words.title(trace),
        "lead": _lead(trace),
        "seed": policies[0].seed,
        "houses": [windows.house(policy) for policy in policies],
        "stage": stage,
        "waiting": waiting.waiting(policies),
        "burdens": [burden.burden(policy) for policy in policies],
        "alone": [alone.alone(policy, language) for policy in policies],
        "lasting": lasting.parts(policies),
        "diary": diary.diary(policies) if all(policy.days for policy in policies) else None,
        "side": side.side(policies) if len(policies) > 1 else None,
        # As elements: a template of ours may hold no script and no style of its own.
        "script": _element("script", script),
        "style": _element("style", style),
        "film": json_script(stage.film, "film") if stage else "",
        "allowed": f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'",
        "icon": _data("icon.svg", "image/svg+xml"),
    }


def _lead(trace: Trace) -> str:
    first = trace.policies[0]
    asked = len(first.asked_min)
    days = [date.fromisoformat(day.date) for day in first.days if day.requests or day.calls]
    if not days:
        return ngettext("%(count)s person asked for help.", "%(count)s people asked for help.", asked) % {
            "count": words.number(asked)
        }
    return ngettext(
        "%(count)s person asked for help %(period)s.", "%(count)s people asked for help %(period)s.", asked
    ) % {"count": words.number(asked), "period": words.period(days[0], days[-1])}


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """The look of the product, then the page's own; the letters come along."""
    font = _data("fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2", "font/woff2")
    face = f'@font-face {{ font-family: "Hyperlegible"; src: url("{font}") format("woff2"); font-weight: 200 800; }}'
    sheets = [(LOOK / name).read_text(encoding="utf-8") for name in ("tokens.css", "base.css")]
    together = "\n".join([face, *sheets, _file("page.css")])
    return re.sub(r"/\*.*?\*/\s*", "", together, flags=re.DOTALL)


@cache
def _data(name: str, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode((LOOK / name).read_bytes()).decode()}"


def _element(name: str, content: str) -> SafeString:
    return format_html("<{}>{}</{}>", name, SafeString(content), name)


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
