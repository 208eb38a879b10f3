"""docs/howto/run.md says what every log line, every finding and every file means: none is forgotten."""

import ast
import re
from pathlib import Path

import pytest

from quartier.config import health

HOUSE = Path(__file__).parent.parent
PAGE = (HOUSE / "docs/howto/run.md").read_text(encoding="utf-8")
LEVELS = {"warning", "error", "exception", "critical"}
# Lines of the demonstration, which nobody hosts for others.
NOT_FOR_HOSTS = HOUSE / "quartier" / "sim"


def _calls(names: set[str]) -> list[tuple[Path, ast.Call]]:
    """Every call of a function, or of a method, of these names, outside tests."""
    found = []
    for file in sorted((HOUSE / "quartier").rglob("*.py")):
        if "tests" in file.parts or NOT_FOR_HOSTS in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in names:
                    found.append((file, node))
    return found


def _log_lines() -> list[str]:
    found = set()
    for _file, call in _calls(LEVELS):
        if not isinstance(call.func, ast.Attribute) or getattr(call.func.value, "id", "") not in {
            "log",
            "logger",
        }:
            continue
        for part in ast.walk(call.args[0]):
            words = part.value if isinstance(part, ast.Constant) else None
            if isinstance(words, str) and words != "%s":
                found.add(re.sub(r"%[sdg]", "…", words))
    return sorted(found)


def _findings() -> set[str]:
    return {
        str(call.args[0].value)
        for file, call in _calls({"good", "doubt", "wrong"})
        if file.parent == HOUSE / "quartier/cli/check"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("line", _log_lines())
def test_every_log_line_is_explained(line: str):
    # One of two words in the middle of a line: they stand there with the rest of it.
    assert line in PAGE


def test_every_finding_is_explained():
    found = _findings()
    assert len(found) > 20
    assert not {name for name in found if f"`{name}`" not in PAGE}


def test_every_word_of_health_is_explained():
    assert not {name for name in health.Health.__dataclass_fields__ if f"`{name}`" not in PAGE}
