"""The catalogues of the rooms: compiled where they are stale, and searched for what a reader would miss."""

import ast
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parent.parent
SOURCE = "en"  # the language of the msgids: it has no catalogue
# Which arguments of a marking function are the context, the text and its plural.
MARKS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
PLACE = re.compile(r"%\([^)]+\)[sdi]|%[sdi]|%%|\{\w*\}")


class Text(NamedTuple):
    """A text in the sources: its context (or None), the text, and its plural (or None)."""

    context: str | None
    text: str
    plural: str | None


def catalogues(house: Path = HOUSE) -> list[Path]:
    """Every `django.po` of the house."""
    return sorted(house.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all(house: Path = HOUSE) -> list[Path]:
    """Compile each catalogue whose `.mo` is missing or of another time; returns those that were compiled.

    Call it before the first text is translated. Safe when several processes start at once.
    """
    return [catalogue for catalogue in catalogues(house) if _compile(catalogue)]


def _compile(catalogue: Path) -> bool:
    ready = catalogue.with_suffix(".mo")
    changed = catalogue.stat().st_mtime_ns
    if ready.exists() and ready.stat().st_mtime_ns == changed:
        return False
    handle, name = tempfile.mkstemp(dir=catalogue.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(polib.pofile(str(catalogue)).to_binary())
        os.chmod(name, 0o644)
        os.utime(name, ns=(changed, changed))
        os.replace(name, ready)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def problems(house: Path = HOUSE) -> list[str]:
    """What is missing, fuzzy, or says a placeholder otherwise; one line each, empty when all is well."""
    languages = [code for code, _name in settings.LANGUAGES if code != SOURCE]
    found: list[str] = []
    for room in sorted(path for path in house.iterdir() if path.is_dir() and not path.name.startswith("__")):
        wanted = texts(room)
        for language in languages:
            file = room / "locale" / language / "LC_MESSAGES" / "django.po"
            if not file.exists():
                if wanted:
                    found.append(f"{room.name}/{language}: no catalogue, {len(wanted)} texts")
                continue
            found += [f"{room.name}/{language}: {line}" for line in _compare(file, wanted)]
    return found


def _compare(file: Path, wanted: set[Text]) -> Iterator[str]:
    catalogue = polib.pofile(str(file))
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    plurals = re.search(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    for text in sorted(wanted, key=lambda text: (text.text, text.context or "")):
        if (text.context, text.text) not in entries:
            yield f"missing {text.text!r}"
    known = {(text.context, text.text) for text in wanted}
    for key, entry in entries.items():
        if key not in known:
            yield f"nobody says {entry.msgid!r} any more"
        if entry.fuzzy:
            yield f"fuzzy {entry.msgid!r}"
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not forms or not all(forms):
            yield f"empty {entry.msgid!r}"
            continue
        if entry.msgid_plural and plurals and len(forms) != int(plurals[1]):
            # A form that is missing shows the text of the source.
            yield f"{len(forms)} forms of {entry.msgid!r}, not {plurals[1]}"
        allowed = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural or ""))
        for form in forms:
            said = set(PLACE.findall(form))
            # One form of a plural may write the number as a word.
            if not said <= allowed or (not entry.msgid_plural and said != allowed):
                yield f"placeholders of {entry.msgid!r} in {form!r}"
        if any(entry.msgid.endswith("\n") != form.endswith("\n") for form in forms):
            yield f"line end of {entry.msgid!r}"


def texts(room: Path) -> set[Text]:
    """Every text that the Python files and templates of a room mark for translation."""
    found: set[Text] = set()
    for file in sorted(room.rglob("*")):
        if "tests" in file.parts or not file.is_file():
            continue
        if file.suffix == ".py":
            found |= set(_marked(ast.parse(file.read_text(encoding="utf-8"))))
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            found |= set(_in_template(file))
    return found


def _marked(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in MARKS:
            continue
        given = [_constant(argument) for argument in node.args]
        context, text, plural = (
            given[place] if place is not None and place < len(given) else None for place in MARKS[name]
        )
        if text:
            yield Text(context, text, plural)


def _constant(node: ast.AST) -> Any:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _in_template(file: Path) -> Iterator[Text]:
    """Django turns a template into lines that xgettext can read; each call in them is read as Python."""
    readable = templatize(file.read_text(encoding="utf-8"))
    for call in re.finditer(r"\b(?:_|gettext|ngettext|pgettext|npgettext)\(", readable):
        # The shortest piece that is whole: a bracket inside the text does not end it.
        for end in re.finditer(r"\)", readable[call.start() :]):
            piece = readable[call.start() : call.start() + end.end()]
            try:
                tree = ast.parse(piece)
            except SyntaxError:
                continue
            yield from _marked(tree)
            break
