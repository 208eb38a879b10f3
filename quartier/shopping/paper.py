"""Lists on paper, in the language of who reads them: filled in for a volunteer without a phone, or empty, for a pen.

(A file of its own: sheets are drawn nowhere else. Views read it when one is asked for: a program for PDF and its fonts
are a sixth of what a process reads when it starts.)
"""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quartier.lib import clock, phone
from quartier.look import rules as saying
from quartier.look.printing import INNER, MARGIN, WIDTH, Sheet
from quartier.places.queries import place_called
from quartier.shopping.queries import Shown, most_cents
from quartier.shopping.rules import AGREE, substitutions
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

CODE_MM = 34.0


def _sheet(here: Organisation, title: str, language: str) -> Sheet:
    number = phone.display(here.phone, here.country)
    return Sheet(
        title=title,
        language=language,
        made_at=clock.now(),
        foot=f"{here.name}, {number}" if number else here.name,
    )


def _never(sheet: Sheet) -> None:
    sheet.boxed(_("Never give anyone your bank card or your PIN. We will never ask for them."))


def for_volunteer(visit: Assignment, shown: Shown) -> bytes:
    """The list of a visit, with what a volunteer needs who has no phone: where, when, the word, a line for the amount.

    Whoever prints it has passed the gate to the request.
    """
    case, here = visit.request.case, visit.request.organisation
    language = visit.volunteer.person.language
    with translation.override(language), timezone.override(here.zone):
        town = place_called(here.country, case.postcode, case.place_name) if case.place_name else ""
        title = _("Shopping for %(name)s") % {"name": case.person.name}
        sheet = _sheet(here, title, language)
        sheet.say(title, 24, bold=True)
        sheet.say(saying.window(visit.comes_from, visit.comes_until, clock.now()).capitalize(), 15)
        sheet.say(
            "\n".join(filter(None, (case.address, f"{case.postcode} {town}".strip()))),
            17,
            bold=True,
        )
        sheet.say(case.access_notes, 14)
        sheet.say(_("Say this word at the door: %(word)s") % {"word": visit.code_word}, 15, bold=True)
        _wishes(sheet, shown)
        sheet.heading(_("The list"))
        for thing in shown.things:
            _line(sheet, thing.amount, thing.what, thing.note)
        sheet.heading(_("What you paid"))
        cap = saying.euros(most_cents(here, shown.budget_cents))
        sheet.say(
            _("%(cap)s at most; call us before you pay more. Keep the receipt, and you will be paid back.")
            % {"cap": cap},
            13,
        )
        _blank_line(sheet, _("Amount on the receipt:"))
        _blank_line(sheet, _("Paid back, signature of both:"))
        sheet.boxed(_("Never take a bank card or a PIN, even if it is offered."))
        return sheet.made()


def _wishes(sheet: Sheet, shown: Shown) -> None:
    rows = (
        (_("Shop"), shown.shop),
        (_("If something is not there"), substitutions().get(shown.substitutions, "")),
        (_("Allergies"), shown.allergies),
        (_("Never buy"), shown.never),
        (_("At most"), "" if shown.budget_cents is None else saying.euros(shown.budget_cents)),
    )
    said = [(name, value) for name, value in rows if value]
    if said:
        sheet.ln(2)
    for name, value in said:
        sheet.set_font("letters", "", 14)
        sheet.multi_cell(
            INNER, 6.5, f"**{_('%(name)s:') % {'name': name}}** {_plain(value)}", markdown=True, align="L"
        )
        sheet.set_x(MARGIN)


def _plain(text: str) -> str:
    """Words of somebody, of which nothing is markup."""
    return (
        text.replace("\\", "\\\\")
        .replace("**", "* *")
        .replace("__", "_ _")
        .replace("--", "- -")
        .replace("~~", "~ ~")
    )


def _line(sheet: Sheet, amount: str, what: str, note: str) -> None:
    if sheet.will_page_break(12):
        sheet.add_page()
    y = sheet.get_y() + 1.5
    sheet.box_to_tick(MARGIN, y)
    sheet.set_xy(MARGIN + 10, y - 0.5)
    sheet.set_font("letters", "B", 17)
    sheet.multi_cell(INNER - 10, 7.5, " ".join(filter(None, (amount, what))), align="L")
    if note:
        sheet.set_x(MARGIN + 10)
        sheet.set_font("letters", "", 13)
        sheet.multi_cell(INNER - 10, 6, note, align="L")
    sheet.set_xy(MARGIN, max(sheet.get_y(), y + 7))


def _blank_line(sheet: Sheet, name: str, gap: float = 12) -> None:
    """A name, and a line to write on behind it."""
    if sheet.will_page_break(gap):
        sheet.add_page()
    y = sheet.get_y() + gap
    sheet.set_font("letters", "", 14)
    sheet.set_xy(MARGIN, y - 7)
    sheet.cell(sheet.get_string_width(name) + 3, 7, name)
    sheet.set_line_width(0.3)
    sheet.set_draw_color(120)
    sheet.line(sheet.get_x(), y, WIDTH - MARGIN, y)
    sheet.set_draw_color(0)
    sheet.set_xy(MARGIN, y + 1)


def to_fill_in(
    here: Organisation, language: str, address: str, shown: Shown | None = None, name: str = ""
) -> bytes:
    """A sheet for a pen, large; `shown`: with what is on the list already. `address`: what the code opens."""
    with translation.override(language), timezone.override(here.zone):
        title = _("My shopping list")
        sheet = _sheet(here, title, language)
        sheet.code(address, WIDTH - MARGIN - CODE_MM, MARGIN, CODE_MM)
        room = INNER - CODE_MM - 6
        sheet.say(title, 28, bold=True, width=room, after=2)
        number = phone.display(here.phone, here.country)
        if number:
            words = _("Call us and read it to us: %(number)s") % {"number": number.replace(" ", "\u00a0")}
            sheet.say(words, 16, bold=True, width=room)
        sheet.say(_("Or scan the code with a phone, and write it there."), 13, width=room)
        sheet.set_y(max(sheet.get_y(), MARGIN + CODE_MM + 1))
        if name:
            sheet.say(name, 17, bold=True)
        else:
            for label in (_("Name:"), _("Address:"), _("Phone:")):
                _blank_line(sheet, label, 13)
        sheet.heading(_("What I need"))
        for thing in shown.things if shown else []:
            _line(sheet, thing.amount, thing.what, thing.note)
        sheet.lines_to_write(8 if shown and shown.things else 12, 13, ticks=True)
        sheet.add_page()
        sheet.heading(_("What to look out for"))
        _wish(sheet, _("The shop that I prefer:"), shown.shop if shown else "")
        sheet.ln(4)
        sheet.say(_("If something is not there:"), 14)
        for code, words in substitutions().items():
            _choice(sheet, words, ticked=bool(shown and shown.substitutions == code))
        _wish(sheet, _("Never buy:"), shown.never if shown else "", 2)
        limit = saying.euros(shown.budget_cents) if shown and shown.budget_cents is not None else ""
        _wish(sheet, _("At most, in euros:"), limit)
        _wish(sheet, _("Allergies:"), shown.allergies if shown else "", 2)
        if not (shown and shown.allergies):
            # On paper, too, nothing is kept without a yes.
            sheet.ln(4)
            _choice(sheet, str(AGREE), ticked=False)
        sheet.heading(_("Money"))
        sheet.say(
            _("The neighbour pays in the shop, %(cap)s at most, and shows you the receipt. You pay it back.")
            % {"cap": saying.euros(here.visit_cap_cents)},
            15,
        )
        _never(sheet)
        return sheet.made()


def _wish(sheet: Sheet, name: str, value: str, lines: int = 1) -> None:
    if value:
        sheet.ln(2)
        sheet.say(name, 14)
        sheet.say(value, 16, bold=True)
        return
    _blank_line(sheet, name, 14)
    sheet.lines_to_write(lines - 1, 13)


def _choice(sheet: Sheet, words: str, *, ticked: bool) -> None:
    y = sheet.get_y() + 1
    sheet.box_to_tick(MARGIN, y)
    if ticked:
        sheet.set_line_width(0.8)
        sheet.line(MARGIN + 1, y + 3, MARGIN + 2.5, y + 5)
        sheet.line(MARGIN + 2.5, y + 5, MARGIN + 5.2, y + 1)
        sheet.set_line_width(0.2)
    sheet.set_xy(MARGIN + 10, y)
    sheet.set_font("letters", "", 15)
    sheet.multi_cell(INNER - 10, 6, words, align="L")
    sheet.set_xy(MARGIN, max(sheet.get_y(), y + 6) + 3)
