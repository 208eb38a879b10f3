"""What people write for a name in four languages, and what they are called in front of others."""

import pytest

from quartier.lib.names import first_name_in, ways_to_say

FRENCH = [
    ("Jeanne Lambert", "Jeanne"),
    ("Jean-Pierre Dupont", "Jean-Pierre"),
    ("Ma mère Jeanne Lambert", "Jeanne"),
    ("ma mère, Jeanne Lambert", "Jeanne"),
    ("Pour ma belle-mère Anne Leroy", "Anne"),
    ("Ma vieille tante Odette", "Odette"),
    ("Mon père s’appelle Louis", "Louis"),
    ("Ma mère est Josiane Petit", "Josiane"),
    ("Mamie Odette", "Odette"),
    ("Ma mère", "Ma mère"),
    ("Mme Vve Lambert Jeanne", "Mme Vve Lambert Jeanne"),
    ("Mme Lambert", "Mme Lambert"),
    ("M. Dupont", "M. Dupont"),
    ("M Dupont Marcel", "M Dupont Marcel"),
    ("Monsieur et Madame Dupont", "Monsieur et Madame Dupont"),
    ("Dr Simon", "Dr Simon"),
    ("Veuve Lambert", "Veuve Lambert"),
    ("Ma mère Mme Lambert", "Mme Lambert"),
    ("LAMBERT Jeanne", "Jeanne"),
    ("Jeanne LAMBERT", "Jeanne"),
    ("Lambert, Jeanne", "Jeanne"),
    ("Jeanne Lambert, ma mère", "Jeanne"),
    ("Jeanne Lambert (ma mère)", "Jeanne"),
    ("J. Lambert", "J. Lambert"),
    ("Jean et Marie Dupont", "Jean et Marie"),
    ("Le Grand Paul", "Le Grand Paul"),
    ("D’Hondt Marie", "D’Hondt Marie"),
    ("Soeur Emmanuelle", "Soeur Emmanuelle"),
    ("Mes parents", "Mes parents"),
    ("Pour mes parents Jean et Marie", "Jean et Marie"),
    ("Ma grand-tante Odette", "Ma grand-tante Odette"),
    ("LAMBERT Mme Jeanne", "LAMBERT Mme Jeanne"),
]
DUTCH = [
    ("Roger Van den Abeele", "Roger"),
    ("Mijn vader Roger Van den Abeele", "Roger"),
    ("mijn moeder: Maria Peeters", "Maria"),
    ("Voor mijn lieve oma Julia", "Julia"),
    ("mijn buurvrouw Rosa", "Rosa"),
    ("Mijn vader heet Roger", "Roger"),
    ("Nonkel Jef", "Jef"),
    ("Mijn vader", "Mijn vader"),
    ("mijn peter Jan Claes", "Jan"),
    ("Peter Claes", "Peter"),
    ("Mevr. Peeters", "Mevr. Peeters"),
    ("Mevrouw Maria Peeters", "Mevrouw Maria Peeters"),
    ("Mw. De Smet", "Mw. De Smet"),
    ("De heer Jan Peeters", "De heer Jan Peeters"),
    ("Dhr. Claes", "Dhr. Claes"),
    ("Wed. Peeters-Claes", "Wed. Peeters-Claes"),
    ("Van den Abeele Roger", "Van den Abeele Roger"),
    ("Vandenberghe Anna", "Vandenberghe Anna"),
    ("De Smet, Anna", "Anna"),
    ("VAN DEN BERG Anna", "Anna"),
    ("Jan en Maria Peeters", "Jan en Maria"),
    ("'t Hooft Karel", "'t Hooft Karel"),
    ("Ben Peeters", "Ben"),
    ("Familie Peeters", "Familie Peeters"),
    ("Mijn ouders", "Mijn ouders"),
    ("mijn ouders Jan en Maria", "Jan en Maria"),
    ("Onze overbuurvrouw Rosa", "Onze overbuurvrouw Rosa"),
    ("JAN Van den Berg", "JAN Van den Berg"),
]
GERMAN = [
    ("Helga Schmitz", "Helga"),
    ("Meine Mutter Helga Schmitz", "Helga"),
    ("Für meinen Vater Karl-Heinz Müller", "Karl-Heinz"),
    ("meine Frau Ursula", "Ursula"),
    ("Mein Nachbar Günter Weiß", "Günter"),
    ("Oma Gertrud", "Gertrud"),
    ("Meine Mutter", "Meine Mutter"),
    ("Frau Schmitz", "Frau Schmitz"),
    ("Herr Dr. Müller", "Herr Dr. Müller"),
    ("Witwe Schmitz Helga", "Witwe Schmitz Helga"),
    ("von der Heide Anna", "von der Heide Anna"),
    ("Hans und Eva Schmitz", "Hans und Eva"),
    ("Schmitz, Helga", "Helga"),
]
ENGLISH = [
    ("Mary Smith", "Mary"),
    ("My mother Mary Smith", "Mary"),
    ("my mother-in-law Joan", "Joan"),
    ("For my elderly neighbour Tom Brown", "Tom"),
    ("Grandma Rose", "Rose"),
    ("Mrs Smith", "Mrs Smith"),
    ("Mr. John Smith", "Mr. John Smith"),
    ("Dr Brown", "Dr Brown"),
    ("John & Mary Smith", "John & Mary"),
    ("Fatima El Amrani", "Fatima"),
    ("El Amrani Fatima", "El Amrani Fatima"),
    ("MARY SMITH", "MARY"),
    ("mary", "mary"),
    ("", ""),
    ("   ", ""),
    ("()", "()"),
    (",", ""),
]


@pytest.mark.parametrize(("name", "called"), [*FRENCH, *DUTCH, *GERMAN, *ENGLISH])
def test_a_first_name_or_the_whole_name(name, called):
    assert first_name_in(name) == called


def test_what_may_be_said_at_the_door():
    assert ways_to_say("Jean et Marie Dupont") == {"Jean et Marie", "Jean", "Marie"}
    assert ways_to_say("De Smet Anna") == {"De Smet Anna", "Smet", "Anna"}
    assert ways_to_say("Mme Lambert") == {"Mme Lambert", "Lambert"}
    assert ways_to_say("Youssef Amrani") == {"Youssef"}
