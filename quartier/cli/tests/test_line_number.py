"""`quartier line number`: a number that comes after the installation, as it does with a carrier."""


def test_a_number_is_shown_changed_and_taken_away(quartier, installed):
    assert quartier("line", "number").stdout == "The line answers for 02 000 14 27.\n"
    assert quartier("line", "number", "071 00 00 20").stdout == "The line answers for 071 00 00 20.\n"
    assert quartier("line", "number").stdout == "The line answers for 071 00 00 20.\n"
    assert "has no number" in quartier("line", "number", "none").stdout
    assert "has no number" in quartier("line", "number").stdout


def test_a_number_that_is_none_changes_nothing(quartier, installed):
    refused = quartier("line", "number", "12", LANG="fr_BE.UTF-8")
    assert refused.returncode == 1
    assert "BE" in refused.stderr
    elsewhere = quartier("line", "number", "02 000 14 28", "--host", "nobody.example")
    assert elsewhere.returncode == 1
    assert "There is no such organisation here." in elsewhere.stderr
    assert quartier("line", "number").stdout == "The line answers for 02 000 14 27.\n"
