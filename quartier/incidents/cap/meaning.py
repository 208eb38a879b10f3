"""Which template an alert speaks of, and whether it proposes anything. Pure.

Three ways to say what happens, the surest first: the parameter `awareness_type` of Meteoalarm ("5; high-temperature",
EUMETNET, Meteoalarm CAP profile), what people are told to do (`responseType`), the words of the event in four
languages. What fits nothing proposes nothing.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from quartier.incidents.cap.reading import Alert, Info

# Number of the awareness type -> template. A storm takes the electricity away; fog and cold are not among ours.
AWARENESS = {"1": "blackout", "3": "blackout", "5": "heatwave", "7": "flood", "12": "flood", "13": "flood"}
EVENTS = (
    ("flood", r"flood|inondation|\bcrues?\b|overstrom|hochwasser|überschwemmung|storm surge"),
    ("heatwave", r"\bheat|canicule|chaleur|hitte|hitze|high[ -]temperature"),
    ("pandemic", r"pandemi|pandémi|[ée]pid[ée]mi"),
    ("blackout", r"black-?out|power (cut|outage|failure)|panne (de courant|d.[ée]lectricit)|stroom(panne|uitval)"),
    ("blackout", r"stroomonderbreking|stromausfall|d[ée]lestage"),
    ("blackout", r"storm|temp[êe]te|\borage|\bsturm|unwetter|onweer|thunder"),
)  # fmt: skip
# So little is no crisis: weather services send these several times a week.
TOO_LITTLE = {"Minor", "Moderate"}
# An alert that does not say when it expires counts for a day.
WITHOUT_END = timedelta(hours=24)


def template_of(alert: Alert) -> str:
    """The code of the template, or ''."""
    return next(filter(None, map(_template, alert.infos)), "")


def _template(info: Info) -> str:
    for name, value in info.parameters:
        if name == "awareness_type" and (found := AWARENESS.get(value.partition(";")[0].strip())):
            return found
    said = " ".join([info.event, *(value for _name, value in info.codes)]).lower()
    found = next((template for template, words in EVENTS if re.search(words, said)), "")
    if found:
        return found
    # Whoever has to leave home needs a bed, things, a lift and the way, whatever the reason.
    return "refugees" if info.responses & {"Evacuate", "Shelter"} else ""


def expires(alert: Alert) -> datetime:
    """When the last part of it is over."""
    return max((info.expires or alert.sent + WITHOUT_END for info in alert.infos), default=alert.sent)


def proposes(alert: Alert, now: datetime, *, by_hand: bool) -> bool:
    """Whether it is real, still holds, and says something of a template. What somebody brings by hand
    (`by_hand`) may be as small as they like."""
    return (
        alert.status == "Actual"
        and alert.kind in {"Alert", "Update"}
        and expires(alert) > now
        and bool(template_of(alert))
        and not any("AllClear" in info.responses for info in alert.infos)
        and not all(info.certainty == "Unlikely" for info in alert.infos)
        and (by_hand or any(info.severity not in TOO_LITTLE for info in alert.infos))
    )


def headlines(infos: Iterable[Info]) -> dict[str, str]:
    """The headline by language, else the event."""
    return {info.language: words for info in infos if (words := info.headline or info.event)}


def areas(infos: Iterable[Info]) -> str:
    """The names of the areas, each once."""
    names = dict.fromkeys(area.words for info in infos for area in info.areas if area.words)
    return ", ".join(names)[:300]
