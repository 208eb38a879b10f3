"""Catalogues are compiled once a change, and what a reader would miss is found."""

import gettext
import os

import pytest

from quartier.lib import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
HEAD += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
ENTRY = 'msgid "Good evening"\nmsgstr "Bonsoir"\n\n'


@pytest.fixture
def house(tmp_path, settings):
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    room = tmp_path / "porch"
    (room / "locale/fr/LC_MESSAGES").mkdir(parents=True)
    (room / "templates/porch").mkdir(parents=True)
    (room / "words.py").write_text('hello = _("Good evening")\n')
    return tmp_path


def write(house, entries):
    file = house / "porch/locale/fr/LC_MESSAGES/django.po"
    file.write_text(HEAD + entries)
    return file


def test_only_what_changed_is_compiled(house):
    file = write(house, ENTRY)
    assert catalogues.compile_all(house) == [file]
    assert catalogues.compile_all(house) == []
    with file.with_suffix(".mo").open("rb") as ready:
        assert gettext.GNUTranslations(ready).gettext("Good evening") == "Bonsoir"
    os.utime(file, (1, 1))  # an older file, as after going back in the history
    assert catalogues.compile_all(house) == [file]
    assert [each.name for each in sorted(file.parent.iterdir())] == ["django.mo", "django.po"]


def test_a_broken_catalogue_leaves_the_compiled_one(house):
    file = write(house, ENTRY)
    catalogues.compile_all(house)
    before = file.with_suffix(".mo").read_bytes()
    file.write_text("no catalogue at all\n")
    with pytest.raises(OSError, match="Syntax error"):
        catalogues.compile_all(house)
    assert file.with_suffix(".mo").read_bytes() == before


def test_all_is_well(house):
    write(house, ENTRY)
    assert catalogues.problems(house) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("", "missing 'Good evening'"),
        ('msgid "Good evening"\nmsgstr ""\n', "empty 'Good evening'"),
        ('#, fuzzy\nmsgid "Good evening"\nmsgstr "Bonsoir"\n', "fuzzy 'Good evening'"),
        (ENTRY + 'msgid "Good night"\nmsgstr "Bonne nuit"\n', "nobody says 'Good night' any more"),
    ],
)
def test_what_a_reader_would_miss(house, entries, said):
    write(house, entries)
    assert catalogues.problems(house) == [f"porch/fr: {said}"]


def test_values_must_be_the_same(house):
    (house / "porch/words.py").write_text('hello = _("Good evening %(name)s at {time}")\n')
    write(house, 'msgid "Good evening %(name)s at {time}"\nmsgstr "Bonsoir %(nom)s à {time}"\n')
    (line,) = catalogues.problems(house)
    assert line.startswith("porch/fr: placeholders of")


def test_one_form_of_a_plural_may_say_the_number_in_words(house):
    (house / "porch/words.py").write_text('hello = ngettext("%(n)s guest", "%(n)s guests", n)\n')
    write(
        house,
        'msgid "%(n)s guest"\nmsgid_plural "%(n)s guests"\nmsgstr[0] "un invité"\nmsgstr[1] "%(n)s invités"\n',
    )
    assert catalogues.problems(house) == []
    write(house, 'msgid "%(n)s guest"\nmsgid_plural "%(n)s guests"\nmsgstr[0] "un invité"\nmsgstr[1] ""\n')
    assert catalogues.problems(house) == ["porch/fr: empty '%(n)s guest'"]


def test_a_room_without_a_catalogue_is_told(house):
    assert catalogues.problems(house) == ["porch/fr: no catalogue, 1 texts"]


def test_texts_are_found_in_python_and_templates(house):
    room = house / "porch"
    (room / "words.py").write_text(
        'a = pgettext_lazy("door", "Bell")\nb = ngettext("one", "many", 2)\n'
        'c = _("over "\n  "two lines")\nd = other("no")\n'
    )
    (room / "templates/porch/door.html").write_text(
        '{% load i18n %}{% translate "Ring (twice)" %}{% translate "Knock" context "door" as knock %}'
        "{% blocktranslate with name=guest.name count counter=n %}{{ name }} waits{% plural %}{{ counter }} wait"
        '{% endblocktranslate %}{% if x %}{{ y|default:_("Nobody") }}{% endif %}'
    )
    assert catalogues.texts(room) == {
        ("door", "Bell", None),
        (None, "one", "many"),
        (None, "over two lines", None),
        (None, "Ring (twice)", None),
        ("door", "Knock", None),
        (None, "%(name)s waits", "%(counter)s wait"),
        (None, "Nobody", None),
    }


def test_a_plural_has_all_the_forms_of_its_language(house):
    (house / "porch/words.py").write_text('n = ngettext("%(n)s guest", "%(n)s guests", 2)\n')
    entry = 'msgid "%(n)s guest"\nmsgid_plural "%(n)s guests"\n'
    write(house, f'{entry}msgstr[0] "%(n)s hôte"\n')
    assert catalogues.problems(house) == ["porch/fr: 1 forms of '%(n)s guest', not 2"]
    write(house, f'{entry}msgstr[0] "%(n)s hôte"\nmsgstr[1] "%(n)s hôtes"\n')
    assert not catalogues.problems(house)
