"""Gammu's own file format for text messages (`smsbackup`), as gammu-smsd 1.42 reads and writes it. Pure.

We write it rather than a text file: what a text file becomes on the air hangs on smsd's configuration and on the
language of its process, while this says the alphabet, the parts and their order.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from quartier.lib import sms

# More parts Gammu does not read.
MOST_PARTS = 50
# Header bytes of a message in parts: of how many parts, which one this is (GSM 03.40, 9.2.3.24.1 and .8).
_UDH = re.compile(r"05 00 03 .. .. (..)|06 08 04 .. .. .. (..)".replace(" ", ""))
_LINE = re.compile(r"(\w+) ?= ?(.*)")


@dataclass(frozen=True)
class Part:
    """One message of the air. `pdu`: `Deliver`, `Submit` or `Status_Report`. `references`: what the network called
    it, the last one that was given first. `number`: of the other side. `place`: in the whole, from 1."""

    pdu: str
    number: str
    text: str
    at: datetime | None
    references: tuple[int, ...] = ()
    place: int = 1


def written(to: str, body: str, mark: int) -> str:
    """A file for smsd's outbox. `mark`: 0 to 255, the same in all parts. Raises `ValueError` for what cannot go."""
    if not re.fullmatch(r"\+\d{6,15}", to):
        raise ValueError("no number")
    clean = body.encode(errors="replace").decode().replace("\r\n", "\n")
    clean = "".join(letter for letter in clean if letter == "\n" or letter >= " ")
    plain = sms.size(clean).encoding == "GSM-7"
    texts = pieces(clean)
    if not clean.strip() or len(texts) > MOST_PARTS:
        raise ValueError("nothing to send" if not clean.strip() else "too long")
    coding = "Default_No_Compression" if plain else "Unicode_No_Compression"
    sections = []
    for place, text in enumerate(texts):
        lines = [f"[SMSBackup{place:03}]"]
        if place == 0:
            # smsd 1.42 writes what the network calls the message over the line of this name, and takes all that
            # comes behind the first line of the file for the rest: so this is the second one, and there is one.
            lines.append("MessageReference = 0")
        lines += ["PDU = Submit", "State = UnSent", f'Number = "{to}"']
        if len(texts) > 1:
            lines.append(f"UDH = 050003{mark & 255:02X}{len(texts):02X}{place + 1:02X}")
        data = text.encode("utf-16-be").hex().upper()
        lines += [f"Text{at // 200:02} = {data[at : at + 200]}" for at in range(0, len(data), 200)]
        lines += [f"Coding = {coding}", "Folder = 1", f"Length = {len(data) // 4}", "Class = -1"]
        sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def pieces(text: str) -> list[str]:
    """The text as it goes on the air: in one piece, or cut so that no letter of two units is cut in two."""
    if sms.size(text).segments == 1:
        return [text]
    gsm = sms.size(text).encoding == "GSM-7"
    limit = 153 if gsm else 67
    found, used = [""], 0
    for letter in text:
        wide = letter in sms.GSM_DOUBLE if gsm else ord(letter) > 0xFFFF
        if used + 1 + wide > limit:
            found.append("")
            used = 0
        found[-1] += letter
        used += 1 + wide
    return found


def is_backup(data: bytes) -> bool:
    """Whether a file is in this format, whatever its name ends in."""
    return data.lstrip().startswith((b"[SMSBackup", b"; This file format was designed for Gammu"))


def read(data: bytes) -> list[Part]:
    """The messages in a file, those of one whole in their order. Raises `ValueError` for a broken file."""
    sections: list[dict[str, list[str]]] = []
    for line in data.decode("utf-8", "replace").splitlines():
        if re.fullmatch(r"\[SMSBackup\d+\]", line.strip()):
            sections.append({})
        elif sections and (match := _LINE.fullmatch(line.strip())):
            sections[-1].setdefault(match[1], []).append(match[2].strip())
    if not sections:
        raise ValueError("no message")
    return sorted(map(_part, sections), key=lambda part: part.place)


def _part(section: dict[str, list[str]]) -> Part:
    first = {key: values[0] for key, values in section.items()}
    if not {"PDU", "Number", "Coding", "Length"} <= first.keys():
        raise ValueError("cut off")
    number = first["Number"].strip('"')
    if first.get("NumberUnicode"):
        number = bytes.fromhex(first["NumberUnicode"]).decode("utf-16-be", "replace")
    text = ""
    if first["Coding"] in {"Default_No_Compression", "Unicode_No_Compression"}:
        data = "".join(first[key] for key in sorted(first) if re.fullmatch(r"Text\d\d+", key))
        if len(data) < 4 * int(first["Length"]):
            raise ValueError("cut off")
        text = bytes.fromhex(data).decode("utf-16-be", "replace")
    match = _UDH.fullmatch(first.get("UDH", ""))
    place = int(match[1] or match[2], 16) if match else 1
    references = tuple(int(value) for value in section.get("MessageReference", []) if value.isdecimal())
    return Part(first["PDU"], number, text, _time(first.get("DateTime", "")), references, place)


def _time(written: str) -> datetime | None:
    """Gammu's `20270112T101530Z`; without Z by the clock of this place."""
    try:
        bare = written.strip('"')
        found = datetime.strptime(f"{bare.removesuffix('Z')}Z", "%Y%m%dT%H%M%S%z")
    except ValueError:
        return None
    return found if bare.endswith("Z") else found.replace(tzinfo=timezone.get_default_timezone())
