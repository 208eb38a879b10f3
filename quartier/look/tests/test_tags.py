"""The tags: what they draw, and that nothing typed by anybody becomes markup."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from quartier.lib import choices, clock
from quartier.look.templatetags.look_elements import icons

EVIL = '"><script>alert(1)</script>'


def draw(source, **context):
    with translation.override(context.pop("language", "en")):
        return Template(source).render(Context(context))


class Ask(forms.Form):
    name = forms.CharField(label="Name", help_text="Why we ask")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    who = forms.ChoiceField(label="Who", choices=[("me", "Me"), ("other", "Other")])
    kinds = forms.MultipleChoiceField(
        label="What",
        choices=[("groceries", "Shopping"), ("dog", "Dog")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick one."},
    )
    message = forms.ChoiceField(label="Leave?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    slots = forms.MultipleChoiceField(
        label="When",
        choices=[(str(bit), str(bit)) for bit in range(21)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class Page(HTMLParser):
    """The ids of a piece of markup, and what points to them."""

    def __init__(self, markup):
        super().__init__()
        self.ids, self.pointers, self.elements = [], [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.pointers += (given.get(name) or "").split()
        if (given.get("href") or "").startswith("#"):
            self.pointers.append(given["href"][1:])


@pytest.mark.parametrize(
    "form", [Ask(), Ask({"name": ""}), Ask({"name": EVIL, "kinds": ["dog"], "slots": ["3"]})]
)
def test_everything_that_points_to_an_id_finds_it_once(form):
    page = Page(
        draw(
            "{% error_summary form %}{% field form.name title=True %}{% field form.note %}{% field form.who %}"
            '{% field form.kinds %}{% field form.message group="two" %}{% field form.agree %}{% week form.slots %}',
            form=form,
        )
    )
    assert len(page.ids) == len(set(page.ids))
    assert set(page.pointers) <= set(page.ids)


def test_a_box_says_why_we_ask_and_what_is_wrong():
    page = Page(draw("{% field form.name inputmode='text' autocomplete='name' %}", form=Ask({})))
    box = next(given for tag, given in page.elements if tag == "input")
    assert box["aria-describedby"] == "id_name_hint id_name_error"
    assert box["aria-invalid"] == "true"
    assert box["inputmode"] == "text"
    assert box["autocomplete"] == "name"


def test_only_what_may_stay_empty_says_so():
    assert "optional" in draw("{% field form.note %}", form=Ask())
    assert "optional" not in draw("{% field form.name %}{% field form.kinds %}", form=Ask())
    # A form that demands what is missing from the other answers calls nothing optional.
    form = Ask()
    form.marks_optional = False
    assert "optional" not in draw("{% field form.note %}", form=form)


def test_cards_keep_what_was_ticked_and_carry_drawings():
    form = Ask({"kinds": ["dog"]})
    markup = draw(
        "{% field form.kinds icons=icons texts=texts %}", form=form, icons={"dog": "paw"}, texts={"dog": EVIL}
    )
    page = Page(markup)
    boxes = [given for tag, given in page.elements if tag == "input"]
    assert [("checked" in box, box["value"]) for box in boxes] == [(False, "groceries"), (True, "dog")]
    assert icons()["paw"] in markup
    assert "<script>" not in markup


def test_the_week_has_every_slot_and_keeps_the_ticked_ones():
    page = Page(draw("{% week form.slots %}", form=Ask({"slots": ["0", "20"]})))
    boxes = [given for tag, given in page.elements if tag == "input"]
    assert [box["value"] for box in boxes] == [str(bit) for bit in range(21)]
    assert [box["value"] for box in boxes if "checked" in box] == ["0", "20"]
    german = draw("{% week form.slots %}", form=Ask(), language="de")
    assert "Montag, " in german


def test_the_error_summary_is_empty_when_nothing_is_wrong():
    assert draw("{% error_summary form %}", form=Ask()).strip() == ""
    assert draw("{% error_summary form %}").strip() == ""
    summary = draw(
        "{% error_summary form %}", form=Ask({"name": "Marie", "who": "me", "message": "y", "agree": "on"})
    )
    assert "One thing to correct" in summary
    assert 'href="#id_kinds_0"' in summary


def test_every_kind_of_help_has_its_drawing():
    assert {kind.icon for kind in choices.KINDS} <= set(icons())


def test_unknown_drawings_are_refused():
    with pytest.raises(KeyError):
        draw('{% icon "unicorn" %}')


def test_buttons():
    markup = draw(
        '{% button text kind="stop" icon="x" key="Alt+M" name="answer" value=0 hx_post="/x" %}', text=EVIL
    )
    assert "<script>" not in markup
    (tag, given) = Page(markup).elements[0]
    assert tag == "button"
    assert given["class"] == "btn btn-stop"
    assert given["aria-keyshortcuts"] == "Alt+M"
    assert given["name"] == "answer"
    assert given["value"] == "0"
    assert given["hx-post"] == "/x"
    assert "Alt M</kbd>" in markup
    assert "disabled" not in draw('{% button "Go" disabled=False %}')
    assert " disabled" in draw('{% button "Go" disabled=True %}')


@pytest.mark.parametrize(
    "source",
    [
        "{% window evil %}{% person evil evil %}",
        "{% tag evil kind='human' icon='home' %}{% kbd evil %}{% back_button evil %}",
        "{% phone_plate evil evil evil %}{% link_button evil evil %}{% back_link evil evil %}{% nav_link evil evil %}",
        "{% notice 'stop' title=evil %}{{ evil }}{% endnotice %}{% plate evil %}{{ evil }}{% endplate %}",
        "{% summary %}{% summary_row evil evil evil evil %}{% endsummary %}",
        "{% timeline %}{% step evil evil evil evil %}{% endtimeline %}",
        "{% facts %}{% fact 'walk' evil evil %}{% endfacts %}",
        "{% lane evil evil 1 evil evil %}{{ evil }}{% endlane %}{% card class=evil %}{{ evil }}{% endcard %}",
        "{% callbar evil evil evil evil %}{{ evil }}{% endcallbar %}{% dialog evil evil %}{{ evil }}{% enddialog %}",
        "{% toast evil %}{{ evil }}{% endtoast %}{% blank evil evil %}{{ evil }}{% endblank %}",
        "{% rows evil %}{{ evil }}{% endrows %}{% tabs evil %}{{ evil }}{% endtabs %}{% legend_item evil evil evil %}",
        "{% clock 5 9 label=evil late=evil %}{% clock 9 5 late=evil %}{% clock rest=evil %}",
        "{{ evil|phone }}",
    ],
)
def test_nothing_typed_becomes_markup(source):
    assert "<script" not in draw(source, evil=EVIL)


@pytest.mark.parametrize(
    ("minutes", "promise", "state", "words"),
    [
        (8, 60, "new", "8 min"),
        (45, 60, "soon", "45 min"),
        (60, 60, "late", "1 h, late"),
        (95, 0, "new", "1 h 35"),
    ],
)
def test_a_clock(minutes, promise, state, words):
    markup = draw("{% clock minutes promise %}", minutes=minutes, promise=promise).replace("\u00a0", " ")
    assert f"clock-{state}" in markup
    assert f"<span>{words}</span>" in markup
    assert "waiting" in markup


def test_a_live_clock_says_since_when(tuesday):
    markup = draw(
        "{% clock since=since promise=60 %}", since=clock.now() - timedelta(minutes=70), language="fr"
    )
    assert 'data-since="2027-01-12T08:50:00+00:00"' in markup
    assert 'data-promise="60"' in markup
    assert "1\u00a0h\u00a010, en retard" in markup


def test_time_left_never_threatens():
    assert "clock-late" not in draw("{% time_left 0 30 %}")
    assert "11\u00a0min to answer" in draw("{% time_left 11 30 %}")


def test_a_lane_says_why_it_is_empty():
    assert "All called." in draw("{% lane 'l' 'Call back' 0 'nobody' 'All called.' %}{% endlane %}")
    assert "All called." not in draw("{% lane 'l' 'Call back' 1 '' 'All called.' %}<li>x</li>{% endlane %}")


def test_the_pager_keeps_the_question():
    request = RequestFactory().get("/", {"q": "Marie & Jef", "page": "2"})
    page = Paginator(range(50), 20).page(2)
    markup = draw("{% pager page %}", page=page, request=request)
    assert "21 to 40 of 50" in markup
    assert re.search(r'href="\?q=Marie\+%26\+Jef&amp;page=1"', markup)
    assert re.search(r'href="\?q=Marie\+%26\+Jef&amp;page=3"', markup)
    assert draw("{% pager page %}", page=Paginator(range(3), 20).page(1), request=request).strip() == ""


def test_big_counts_are_grouped_as_the_language_does():
    assert "1,204" in draw("{% nav_link 'Volunteers' '#' count=1204 %}")
    assert "1204" not in draw("{% nav_link 'Volunteers' '#' count=1204 %}", language="fr")


def test_filters_read_the_clock(tuesday):
    context = {"soon": tuesday + timedelta(hours=5), "language": "nl"}
    words = draw("{{ soon|day }} {{ soon|clock_time }} {{ soon|day_time }} {{ soon|before }}", **context)
    assert words.replace("\u00a0", " ") == "vandaag 16 uur vandaag om 16 uur vandaag voor 16 uur"
