"""The wallboard on the screen of a laptop: its lines are whole, and there is more than one."""

import pytest

from quartier.console.tests import test_next_caller_browser as calls
from quartier.console.tests.test_line_browser import picture

pytestmark = calls.pytestmark
line = calls.line

LINES = """() => [...document.querySelectorAll(".wall-col ol")].map((list) => {
  const seen = list.getBoundingClientRect();
  return [...list.children].map((one) => {
    const box = one.getBoundingClientRect();
    if (box.left >= seen.right) return "elsewhere";
    return box.bottom <= seen.bottom + 1 ? "whole" : "cut";
  });
})"""


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_no_line_is_cut_on_a_laptop(at_desk, line, lotte, thomas, sara, language):
    for account in (lotte, thomas, sara):
        line.on(account, "fr")
    for digit in range(5):
        line.calls(f"+322000149{digit}")
        line.ends(line.calls(f"+322000148{digit}"), outcome="abandoned", ring_back=True)
    page = at_desk(lotte, f"/{language}/console/line/wallboard/")
    page.set_viewport_size({"width": 1366, "height": 768})
    found = page.evaluate(LINES)
    picture(page, f"wall-{language}")
    assert len(found) == 2
    for lines in found:
        assert "cut" not in lines, found
        assert lines.count("whole") >= 2, found
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
