"""What somebody has written in answer to a letter, without the letter that they answer. Pure.

Nothing of theirs may be lost: where it is not clear what is quoted, it stays.
"""

import re

# "Le mar. 12 janv. 2027 à 11:00, Quartier <…> a écrit :" in the ways of many mail programs; on up to four lines.
_WROTE = re.compile(
    r"(?:le\b.{4,250}\ba\s+écrit|op\b.{4,250}\b(?:schreef|heeft\b.{1,200}\bgeschreven).{0,200}|"
    r"am\b.{4,250}\b(?:schrieb|hat\b.{1,200}\bgeschrieben).{0,200}|on\b.{4,250}\bwrote)\s*:",
    re.IGNORECASE,
)
# These are only believed above lines that are marked as quoted.
_PERHAPS = re.compile(
    r"(?:\S.{0,200}\b(?:schreef op|schrieb am|a écrit le|wrote on)\b.{4,200}|"
    r".{4,120}<[^<>\s]+@[^<>\s]+>\s?(?:wrote|a\s+écrit|schreef|schrieb)?)\s*:",
    re.IGNORECASE,
)
_DIGIT, _HOUR = re.compile(r"\d"), re.compile(r"\d\s?[:h.]\s?\d\d")
_RULE = re.compile(
    r"\W*(?:-{2,}|_{2,}|={2,})\s*(?:message d.origine|message original|original message|oorspronkelijk bericht|"
    r"doorgestuurd bericht|ursprüngliche nachricht|urspr\.? nachricht|weitergeleitete nachricht|forwarded message|"
    r"message transféré|réponse|reply|antwort|antwoord)\W*",
    re.IGNORECASE,
)
# The four lines that Outlook puts above what is answered.
_HEADS = re.compile(
    r"\W{0,3}(?P<label>de|envoyé|à|objet|date|van|verzonden|aan|onderwerp|datum|von|gesendet|an|betreff|from|sent|to|"
    r"subject)\s?\W{0,3}:\W{0,3}\s*\S",
    re.IGNORECASE,
)
_FIRST_HEADS = {"de", "van", "von", "from"}
_SIGNED = re.compile(
    r"--\s?|(?:envoyé (?:de|à partir de|depuis)|obtenir outlook|télécharge[rz] outlook|sent from|sent with|get outlook|"
    r"verzonden (?:vanaf|via|met|vanuit|door)|verstuurd (?:vanaf|met|via)|outlook voor .* downloaden|download outlook|"
    r"gesendet (?:von|mit|aus)|von meinem .* gesendet|diese nachricht wurde von .* gesendet|holen sie sich outlook)"
    r"\b.{0,80}",
    re.IGNORECASE,
)
# No line of a mail program is longer.
MOST_IN_LINE = 300
_RULED = re.compile(r"\s*[_-]{8,}\s*")


def above(text: str) -> str:
    """The words of whoever wrote this. All of it where nothing is recognised as quoted."""
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").replace("\u202f", " ").split("\n")][:5000]
    own = _without_quoted(_before_copy(lines))
    own = _without_signature(own)
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(own)).strip()
    if words:
        return words
    # A quotation and nothing else, or a signature: then nobody knows what was meant, and it is shown as it is.
    return "" if all(line.startswith(">") or not line.strip() for line in lines) else _shown(lines)


def _shown(lines: list[str]) -> str:
    kept = _without_signature(_without_quoted(lines))
    return "\n".join(kept).strip()


def _before_copy(lines: list[str]) -> list[str]:
    """What stands above a copy of the letter that is not marked line by line."""
    for at, line in enumerate(lines):
        if len(line) > MOST_IN_LINE:
            continue
        if _RULE.fullmatch(line.strip()) or _begins_heads(lines, at):
            end = at
            while end and (not lines[end - 1].strip() or _RULED.fullmatch(lines[end - 1])):
                end -= 1
            return lines[:end]
    return lines


def _begins_heads(lines: list[str], at: int) -> bool:
    first = _HEADS.match(lines[at])
    if first is None or first["label"].lower() not in _FIRST_HEADS:
        return False
    near = [line for line in lines[at + 1 : at + 8] if line.strip()][:4]
    return sum(_HEADS.match(line) is not None for line in near) >= 2


def _without_quoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        length, sure = _wrote(lines, at)
        after = next((line for line in lines[at + length :] if line.strip()), "")
        if length and after.startswith(">"):
            at += length
        elif length and sure and any(line.strip() for line in kept):
            # Quoted without a mark, down to the end. (With nothing above it, it was written below.)
            return kept
        else:
            if not lines[at].lstrip().startswith(">"):
                kept.append(lines[at])
            at += 1
    return kept


def _wrote(lines: list[str], at: int) -> tuple[int, bool]:
    """How many lines from here say who wrote what follows, and when (0: they do not); and whether that is sure."""
    if not lines[at].strip() or lines[at].startswith(">"):
        return 0, False
    said = ""
    for length in range(1, 5):
        if at + length > len(lines) or (length > 1 and not lines[at + length - 1].strip()):
            return 0, False
        said = f"{said} {lines[at + length - 1].strip()}".strip()
        if len(said) > MOST_IN_LINE + 200:
            return 0, False
        if _DIGIT.search(said) and (_WROTE.fullmatch(said) or _PERHAPS.fullmatch(said)):
            return length, bool(_WROTE.fullmatch(said) and _HOUR.search(said))
    return 0, False


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if len(line) > MOST_IN_LINE:
            continue
        mark = line.strip().strip("*_<> ")
        if line.rstrip() in {"--", "-- "} or (_SIGNED.fullmatch(mark) and len(mark) > 2):
            return lines[:at]
    return lines
