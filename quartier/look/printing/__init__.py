"""Paper: sheets in PDF with our letters, large and black, that can be read and filled in by hand. Text stays text."""

import io
from datetime import datetime
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

FONTS = Path(__file__).resolve().parent / "fonts"
# A4, in millimetres.
WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 16.0
INNER = WIDTH - 2 * MARGIN


class Sheet(FPDF):
    """One document on A4. `foot`: one line at the end of each page. Sizes of letters in points, all else in mm."""

    def __init__(self, *, title: str, language: str, made_at: datetime, foot: str = "") -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.foot = foot
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=24)
        for style, name in (("", "regular"), ("B", "bold")):
            self.add_font("letters", style, str(FONTS / f"atkinson-{name}.ttf"))
        self.add_font("others", "", str(FONTS / "dejavu-fallback.ttf"))
        self.set_fallback_fonts(["others"], exact_match=False)
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.set_display_mode("fullwidth")
        self.add_page()

    def footer(self) -> None:
        """Who made the sheet, and its page."""
        self.set_y(-18)
        self.set_draw_color(0)
        self.line(MARGIN, self.get_y(), WIDTH - MARGIN, self.get_y())
        self.set_y(-16)
        self.set_font("letters", "", 11)
        self.cell(INNER, 6, self.foot, align=Align.L)
        if self.page_no() > 1:
            self.set_x(MARGIN)
            self.cell(INNER, 6, str(self.page_no()), align=Align.R)

    def say(
        self, text: str, size: float = 13, *, bold: bool = False, width: float = INNER, after: float = 1
    ) -> None:
        """A paragraph, then a gap of `after` millimetres."""
        if not text:
            return
        self.set_font("letters", "B" if bold else "", size)
        self.multi_cell(width, size * 0.45, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    def heading(self, text: str, size: float = 16) -> None:
        """A heading; never the last line of a page."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(3)
        self.say(text, size, bold=True)

    def boxed(self, text: str, size: float = 13) -> None:
        """What must not be overlooked: bold, in a frame."""
        if self.will_page_break(18):
            self.add_page()
        self.ln(1)
        self.set_draw_color(0)
        self.set_line_width(0.6)
        self.set_font("letters", "B", size)
        self.multi_cell(
            INNER, size * 0.5, text, border=1, padding=2, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.set_line_width(0.2)
        self.ln(2)

    def box_to_tick(self, x: float, y: float, size: float = 6) -> None:
        """An empty square."""
        self.set_draw_color(0)
        self.set_line_width(0.5)
        self.rect(x, y, size, size)
        self.set_line_width(0.2)

    def lines_to_write(self, count: int, gap: float = 12, *, ticks: bool = False) -> None:
        """Lines for a pen, far enough apart for a large hand; with a box in front of each if `ticks`."""
        self.set_line_width(0.3)
        for _ in range(count):
            if self.will_page_break(gap):
                self.add_page()
            y = self.get_y() + gap
            if ticks:
                self.box_to_tick(MARGIN, y - 7)
            self.set_draw_color(120)
            self.line(MARGIN + (10 if ticks else 0), y, WIDTH - MARGIN, y)
            self.set_y(y)
        self.set_draw_color(0)

    def code(self, address: str, x: float, y: float, size: float = 32) -> None:
        """A QR code of an address, `size` millimetres wide with its white edge."""
        made = io.BytesIO()
        segno.make(address, error="m", micro=False).save(made, kind="png", scale=8, border=2)
        self.image(made, x=x, y=y, w=size, h=size, alt_text=address)

    def made(self) -> bytes:
        """The document."""
        return bytes(self.output())
