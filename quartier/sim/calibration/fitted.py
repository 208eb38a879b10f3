"""One fitted parameter, and the behaviour file in which it stands. Pure."""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

Value = float | dict[str, float]


@dataclass(frozen=True)
class Fitted:
    """A parameter of the behaviour file. `count`: from how many cases (offers, answers, visits, requests).

    `low`, `high`: the 95% interval, of the same shape as `value`; `kept`: nothing was fitted, and `value` is what
    stood there.
    """

    section: str
    name: str
    value: Value
    count: int
    low: Value | None = None
    high: Value | None = None

    @property
    def kept(self) -> bool:
        return self.low is None

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "parameter": f"{self.section}.{self.name}",
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "count": self.count,
            "kept": self.kept,
        }


def rounded(value: float) -> float:
    """Four figures that count: more would claim a precision that is not there."""
    return float(f"{value:.4g}")


def written(base: str, found: list[Fitted], source: str) -> str:
    """The behaviour file `base` (TOML) with the fitted values in their places; comments and the rest stay.

    `source`: a line on top of it. Raises `ValueError` if a parameter is not in the file.
    """
    lines, section, left = [], "", {(each.section, each.name): each for each in found if not each.kept}
    for line in base.splitlines():
        if heading := re.match(r"\[(\w+)\]", line):
            section = heading[1]
        name = line.partition("=")[0].strip()
        fit = left.pop((section, name), None)
        lines.append(f"{name} = {_toml(fit.value)}  # fitted from {fit.count}" if fit else line)
    if left:
        raise ValueError(f"not in the behaviour file: {sorted('.'.join(key) for key in left)}")
    text = "\n".join([f"# {source}", *lines]) + "\n"
    tomllib.loads(text)
    return text


def _toml(value: Value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(value)
