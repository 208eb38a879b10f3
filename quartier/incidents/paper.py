"""Posters and flyers on paper: what is offered, the number as large as it fits, the hours, a code that opens the site.

Black on white, so that any printer does. A poster fills a sheet of A4; a flyer is a quarter of it, four on a sheet to
be cut. (A file of its own: nothing else here draws; read when one is asked for, for its fonts.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from fpdf.enums import Align, MethodReturnValue, XPos, YPos

from quartier.incidents.shipped import EVERYDAY, Template
from quartier.lib import choices, clock, phone
from quartier.look import rules as saying
from quartier.look.printing import HEIGHT, INNER, MARGIN, WIDTH, Sheet
from quartier.team.models import Organisation

NBSP = "\u00a0"


@dataclass(frozen=True)
class Notice:
    """What a sheet says: `site` is the address behind the code; `kinds`: what is offered, as codes."""

    organisation: Organisation
    language: str
    site: str
    template: Template = EVERYDAY
    kinds: tuple[str, ...] = EVERYDAY.kinds


class Paper(Sheet):
    """A sheet that is nothing but its own: no line at its foot, no second page."""

    def footer(self) -> None:
        """Nothing."""

    def fitting(self, text: str, width: float, largest: float) -> float:
        """The largest size of bold letters, in points, at which this stands on one line of so many millimetres."""
        self.set_font("letters", "B", largest)
        return min(largest, largest * (width - 1) / (self.get_string_width(text) or 1))

    def put(self, text: str, box: tuple[float, float, float], size: float, *, bold: bool = False) -> float:
        """A paragraph at (x, y) of a width; returns where it ends."""
        x, y, width = box
        if not text:
            return y
        self.set_xy(x, y)
        self.set_font("letters", "B" if bold else "", size)
        self.multi_cell(width, size * 0.43, text, align=Align.L, padding=0, new_x=XPos.LEFT, new_y=YPos.NEXT)
        return self.get_y()

    def cuts(self) -> None:
        """Where the sheet is cut into four."""
        self.set_draw_color(120)
        self.set_dash_pattern(dash=2, gap=2)
        self.line(WIDTH / 2, 4, WIDTH / 2, HEIGHT - 4)
        self.line(4, HEIGHT / 2, WIDTH - 4, HEIGHT / 2)
        self.set_dash_pattern()
        self.set_draw_color(0)


def poster(notice: Notice) -> bytes:
    """A sheet of A4 for a door, a shop, a stairwell."""
    with translation.override(notice.language):
        here, sheet = notice.organisation, _sheet(notice)
        y = sheet.put(here.name, (MARGIN, MARGIN, INNER), 18) + 7
        y = sheet.put(str(notice.template.announce), (MARGIN, y, INNER), 34, bold=True) + 8
        y = sheet.put(_("We can help you with:"), (MARGIN, y, INNER), 17) + 2
        foot, number = HEIGHT - MARGIN - 31, _number(here)
        size = sheet.fitting(number, INNER, 76) if number else 0
        calls = foot - 49 - (size * 0.43 + 21 if number else 0)
        _kinds(sheet, notice, (MARGIN, y, INNER), 18, calls - 4)
        y = calls
        if number:
            y = sheet.put(_("Call us"), (MARGIN, y, INNER), 18) + 1
            y = sheet.put(number, (MARGIN, y, INNER), size, bold=True) + 2
            y = sheet.put(_hours(here), (MARGIN, y, INNER), 18)
        code = 40.0
        top = foot - code - 5
        sheet.code(notice.site, WIDTH - MARGIN - code + 2, top, code)
        words = (
            _("Or write to us on our website. The code opens it.")
            if number
            else _("Write to us on our website.")
        )
        lines = sheet.put(words, (MARGIN, top + 9, INNER - code - 6), 16) + 1
        site = _bare(notice.site)
        sheet.put(
            site, (MARGIN, lines, INNER - code - 6), sheet.fitting(site, INNER - code - 6, 18), bold=True
        )
        sheet.set_y(foot)
        sheet.boxed(_safe(), 16)
        _publisher(sheet, (MARGIN, HEIGHT - 13, INNER), 9)
        return sheet.made()


def flyer(notice: Notice) -> bytes:
    """Four times the same on a sheet of A4, to be cut: for letterboxes."""
    with translation.override(notice.language):
        sheet = _sheet(notice)
        for left in (0.0, WIDTH / 2):
            for top in (0.0, HEIGHT / 2):
                _quarter(sheet, notice, left + 9, top + 9)
        sheet.cuts()
        return sheet.made()


def _quarter(sheet: Paper, notice: Notice, x: float, y: float) -> None:
    here, wide, ends = notice.organisation, WIDTH / 2 - 18, y + HEIGHT / 2 - 18
    below = sheet.put(here.name, (x, y, wide), 10) + 2
    below = sheet.put(str(notice.template.announce), (x, below, wide), 16, bold=True) + 3
    number, code = _number(here), 27.0
    size = sheet.fitting(number, wide, 36) if number else 0
    calls = ends - code - 21 - (size * 0.43 + 6 if number else 0)
    _kinds(sheet, notice, (x, below, wide), 10.5, calls - 2)
    if number:
        below = sheet.put(number, (x, calls, wide), size, bold=True) + 0.5
        sheet.put(_hours(here), (x, below, wide), 11)
    sheet.code(notice.site, x + wide - code + 1, ends - code - 21, code)
    words = (
        _("Or write to us on our website. The code opens it.") if number else _("Write to us on our website.")
    )
    beside = sheet.put(words, (x, ends - code - 13, wide - code - 3), 10) + 1
    site = _bare(notice.site)
    sheet.put(site, (x, beside, wide - code - 3), sheet.fitting(site, wide - code - 3, 10), bold=True)
    sheet.set_line_width(0.5)
    sheet.rect(x, ends - 20, wide, 15)
    sheet.set_line_width(0.2)
    sheet.put(_safe(), (x + 2, ends - 18.6, wide - 4), 9, bold=True)
    _publisher(sheet, (x, ends - 3.5, wide), 6.5)


def _sheet(notice: Notice) -> Paper:
    here = notice.organisation
    sheet = Paper(title=here.name, language=notice.language, made_at=clock.now())
    # Everything has its place: nothing may slip onto another sheet.
    sheet.set_auto_page_break(False)
    return sheet


def _kinds(sheet: Paper, notice: Notice, box: tuple[float, float, float], size: float, ends: float) -> None:
    """What is offered, in two columns: as much of it as stands above `ends`."""
    x, y, width = box
    names = [str(kind.name) for kind in map(choices.KINDS_BY_CODE.get, notice.kinds) if kind]
    for count in range(len(names), 0, -1):
        half = (count + 1) // 2
        columns = names[:half], names[half:count]
        if max(_height(sheet, part, width / 2 - 3, size) for part in columns) <= ends - y:
            for number, part in enumerate(columns):
                _column(sheet, part, (x + number * width / 2, y, width / 2 - 3), size)
            return


def _height(sheet: Paper, names: Sequence[str], width: float, size: float) -> float:
    sheet.set_font("letters", "", size)
    inner, line = width - size * 0.27, size * 0.43
    total = size * 0.06 * len(names)
    for name in names:
        height = sheet.multi_cell(
            inner, line, name, align=Align.L, padding=0, dry_run=True, output=MethodReturnValue.HEIGHT
        )
        assert isinstance(height, float | int)
        total += height
    return total


def _column(sheet: Paper, names: Sequence[str], box: tuple[float, float, float], size: float) -> None:
    x, y, width = box
    dot, indent = size * 0.11, size * 0.27
    for name in names:
        sheet.set_fill_color(0)
        sheet.ellipse(x, y + size * 0.43 / 2 - dot / 2, dot, dot, style="F")
        y = sheet.put(name, (x + indent, y, width - indent), size) + size * 0.06


def _number(here: Organisation) -> str:
    return phone.display(here.phone, here.country).replace(" ", NBSP)


def _hours(here: Organisation) -> str:
    if here.opens == here.closes:
        return _("Day and night")
    opens, closes = (
        saying.clock_time(datetime.combine(clock.now().astimezone(here.zone), at, tzinfo=here.zone))
        for at in (here.opens, here.closes)
    )
    return _("Every day from %(opens)s to %(closes)s") % {"opens": opens, "closes": closes}


def _safe() -> str:
    return _(
        "The help is free of charge. Never give anyone your bank card or your PIN: no one from us asks for "
        "them."
    )


def _bare(address: str) -> str:
    return address.split("://", 1)[-1].rstrip("/")


def _publisher(sheet: Paper, box: tuple[float, float, float], size: float) -> None:
    """The law wants a name and an address on what is put up or handed out: there is room to write it."""
    x, y, width = box
    words = _("Responsible publisher:")
    sheet.put(words, box, size)
    sheet.set_font("letters", "", size)
    begins = x + sheet.get_string_width(words) + 3
    sheet.set_draw_color(120)
    sheet.line(begins, y + size * 0.38, x + width, y + size * 0.38)
    sheet.set_draw_color(0)


DRAWN = {"poster": poster, "flyer": flyer}
