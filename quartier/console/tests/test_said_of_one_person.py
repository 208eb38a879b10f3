"""Sentences of the line that are said of one person, in the words of each language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

SAID = {
    "%(name)s has spoken to them since, %(when)s": {
        "fr": "%(name)s lui a parlé depuis, %(when)s",
        "nl": "%(name)s heeft deze persoon sindsdien gesproken, %(when)s",
        "de": "%(name)s hat seitdem mit dieser Person gesprochen, %(when)s",
    },
    "spoke to no one": {
        "fr": "n’a eu personne au bout du fil",
        "nl": "kreeg niemand aan de lijn",
        "de": "hat niemanden erreicht",
    },
    "The person who comes stays outside. Put the money in an envelope, and wait until they have stepped back.": {
        "fr": "La personne qui vient reste dehors. Mettez l’argent dans une enveloppe, et attendez qu’elle ait "
        "reculé.",
        "nl": "De buur die komt, blijft buiten. Steek het geld in een envelop, en wacht tot de buur achteruit is "
        "gegaan.",
        "de": "Wer kommt, bleibt draußen. Legen Sie das Geld in einen Umschlag, und warten Sie, bis die Person "
        "zurückgetreten ist.",
    },
    "Call with my own phone": {
        "fr": "Appeler avec mon téléphone",
        "nl": "Met mijn eigen telefoon bellen",
        "de": "Mit meinem Telefon anrufen",
    },
}


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
@pytest.mark.parametrize("words", SAID)
def test_one_person_is_spoken_of_as_one_person(words, language):
    with translation.override(language):
        assert gettext(words) == SAID[words][language]
