"""What is wrong with the table `[line]` of `quartier.toml`."""

import difflib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from quartier.config.toml_file import Fault
from quartier.config.toml_file import marked as _
from quartier.telephony.providers.sip.setup import Setup as SipSetup
from quartier.telephony.providers.twiml.setup import Setup as TwimlSetup
from quartier.telephony.providers.twiml.setup import carrier

# Read elsewhere than in the two setups.
OTHERS = {"carrier", "transcribe"}


def of(written: dict[str, Any], lines: dict[str, int], heading: int, above: set[str]) -> Iterator[Fault]:
    """`lines`: where each key of the table stands; `heading`: its own; `above`: the names of settings that belong
    before it."""
    known = {each.name for setup in (SipSetup, TwimlSetup) for each in fields(setup)} - {"home"} | OTHERS
    strange = [key for key in written if key not in known]
    for key in strange:
        if key in above:
            words, todo, near = _("this is in the table [line]."), _("Move it above [line]."), ""
        else:
            near = next(iter(difflib.get_close_matches(key.lower().replace("-", "_"), known, 1, 0.6)), "")
            words = _("there is no such setting.")
            todo = (
                _("Did you mean {near}? Nothing reads {name}.") if near else _("Nothing reads it: remove it.")
            )
        yield Fault(words, todo, lines.get(key, heading), f"[line] {key}", {"near": near, "name": key}, False)
    for key, value in written.items():
        if key in known and isinstance(value, dict):
            yield Fault(
                _("this must be a text, between quotation marks."),
                "",
                lines.get(key, heading),
                f"[line] {key}",
            )
            return
    yield from _together(written, lines, heading)


def _together(written: dict[str, Any], lines: dict[str, int], heading: int) -> Iterator[Fault]:
    """What the setup says. It names the key, so its line is found."""
    try:
        setup = SipSetup if carrier(written) == "sip" else TwimlSetup
        setup.of(Path("/"), written, "https://line.example.org")
    except (TypeError, ValueError) as error:
        said = str(error)
        named = sorted((key for key in written if key in said), key=len)
        key = named[-1] if named else _wrong_number(written)
        # The line alone does not start with it; everything else goes on.
        yield Fault(
            _("{error}."),
            _("docs/howto/line.md says how the line is set up."),
            lines.get(key, heading),
            f"[line] {key}".strip(),
            {"error": said if named else "a port or a count is not a number"},
            False,
        )


def _wrong_number(written: dict[str, Any]) -> str:
    """The key whose value is no number, where one is wanted."""
    numbers = {each.name for setup in (SipSetup, TwimlSetup) for each in fields(setup) if each.type is int}
    for key in sorted(numbers & written.keys()):
        try:
            int(written[key])
        except (TypeError, ValueError):
            return key
    return ""
