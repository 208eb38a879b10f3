"""What stands in the console's menu, for whom, and which pages belong to it. What is opened all day stands in the bar;
the rest behind "More", so that the bar stays one line."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.team.models import Role

Name = Role.Name
DESK = frozenset({Name.OPERATOR, Name.COORDINATOR, Name.ADMIN})
COORDINATES = frozenset({Name.COORDINATOR, Name.ADMIN})
HEADS = frozenset({Name.ADMIN})
PROGRAMME = frozenset({Name.SUPERVISOR, Name.COORDINATOR, Name.ADMIN})


@dataclass(frozen=True)
class Entry:
    """One entry: its words, its address, who sees it, and the pages on which it is the current one (`address` itself
    always is). `line`: only where the group has a phone line; `demo`: only on a demonstration."""

    words: str | Promise
    address: str
    roles: frozenset[str] = DESK
    pages: frozenset[str] = frozenset()
    begins: str = ""
    line: bool = False
    demo: bool = False

    def is_at(self, page: str) -> bool:
        """Whether this is where the reader is."""
        return (
            page == self.address or page in self.pages or bool(self.begins and page.startswith(self.begins))
        )


def _pages(words: str) -> frozenset[str]:
    return frozenset(words.split())


BAR = (
    Entry(_("Board"), "board", pages=_pages("request_page case_page case_merge series series_begin")),
    Entry(_("New request"), "intake", begins="intake_"),
    Entry(
        _("Volunteers"), "volunteers", pages=_pages("volunteer_page volunteer_wishes asking blocks levels")
    ),
    Entry(_("Map"), "map", pages=_pages("what_if")),
    Entry(_("Search"), "search"),
    Entry(_("To call back"), "line_callbacks", pages=_pages("line_settings"), line=True),
    Entry(_("Calls to make"), "calls_out", pages=_pages("after_call check_call")),
)
MORE = (
    Entry(_("Calendar"), "calendar"),
    Entry(_("Duty"), "duty", begins="duty_"),
    Entry(
        _("Check-ins"), "checks", pages=_pages("check_people check_add check_import campaign campaign_new")
    ),
    Entry(_("Money"), "money", pages=_pages("money_caps money_receipt")),
    Entry(_("Regular calls"), "companions", PROGRAMME, begins="companion"),
    Entry(_("Concerns"), "concerns", COORDINATES, _pages("concern_page trustee")),
    Entry(_("What people say"), "said", COORDINATES),
    Entry(_("Incidents"), "incidents", COORDINATES, begins="incident"),
    Entry(_("Posters"), "posters"),
    Entry(_("Calls for volunteers"), "appeals", COORDINATES, _pages("appeal appeal_new role_wishes")),
    Entry(_("Texts and emails"), "post", COORDINATES, _pages("wordings wording")),
    Entry(_("Our group"), "group_details", HEADS),
    Entry(_("Sandbox"), "sandbox", DESK, demo=True),
)
