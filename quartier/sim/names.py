"""Invented people: names as one meets them in each part of the country. Any likeness is chance."""

import random

FIRST = {
    "fr": "Marie Jeanne Sofia Camille Julie Louise Chloé Nathalie Isabelle Monique Jacqueline Aurélie Céline Élise "
    "Martine Véronique Lucie Amandine Thomas Nicolas Pierre Jean Luc Michel Antoine Hugo Olivier Philippe "
    "Bernard Étienne Guillaume Maxime Benoît Xavier Quentin Simon Youssef Mehdi Fatima Hadija Amina Karim",
    "nl": "Lotte Emma Anna Sara Griet Els Katrien Hilde Lieve An Ilse Veerle Nele Marleen Rita Godelieve Joke Inge "
    "Jan Bram Pieter Wout Koen Luc Dirk Bart Tom Stijn Jef Wim Kris Geert Johan Marc Joris Ruben Lars Senne "
    "Yasmina Bilal Elif Emre",
    "de": "Anke Birgit Claudia Elke Heike Ingrid Karin Monika Petra Sabine Ursula Gisela Hanna Lena Andreas Bernd "
    "Dieter Erwin Günter Helmut Jürgen Karl Manfred Norbert Rainer Stefan Uwe Werner Lukas Jonas",
    "en": "Grace Oliver Emily Jack Olivia Harry Priya Daniel Chloe Adam Zoe Liam Megan Omar Ruth",
}
LAST = {
    "fr": "Dubois Lambert Dupont Martin Simon Laurent Leroy Denis Lejeune Renard Collard Gilles Marchal Mathieu "
    "Lefèvre Bodart Charlier Delvaux Hubert Toussaint Noël Piron Thiry Wauthier Collignon Evrard Godart "
    "Jacquemin Masson Pirard Benali Haddad El Amrani Diallo Nguyen Mbala",
    "nl": "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters De Smet Vermeulen Pauwels Hermans "
    "Aerts Michiels Van Damme Smets De Backer Lemmens Segers Coppens Vandenberghe Desmet Verhoeven Cools "
    "Bogaert Verstraete Baert Van Acker Yilmaz Demir Kaya Bouazza",
    "de": "Schmitz Heinen Pauels Kessel Jost Hilgers Thelen Kirch Küpper Mertes Heck Schröder Müllender Reuter "
    "Theissen Wiesemes Lentz Keller Brandt Hoffmann",
    "en": "Walker Turner Hughes Bennett Foster Murphy Patel Clarke Reed Ward Khan Morris",
}
_FIRST = {language: words.split() for language, words in FIRST.items()}
# Names of two words are kept together.
_LAST = {
    language: words.replace("De Smet", "De_Smet")
    .replace("Van Damme", "Van_Damme")
    .replace("De Backer", "De_Backer")
    .replace("Van Acker", "Van_Acker")
    .replace("El Amrani", "El_Amrani")
    .split()
    for language, words in LAST.items()
}
STREETS = {
    "fr": ("rue de l'Église", "rue du Page", "avenue des Tilleuls", "rue des Écoles", "rue Haute", "place Communale",
           "rue du Moulin", "chaussée Romaine", "rue de la Station", "clos des Merles"),
    "nl": ("Kerkstraat", "Stationsstraat", "Molenstraat", "Lindelaan", "Schoolstraat", "Nieuwstraat", "Dorpsplein",
           "Beekstraat", "Veldstraat", "Merelhof"),
    "de": ("Kirchstraße", "Hauptstraße", "Schulweg", "Am Bach", "Lindenallee", "Mühlenweg", "Neustraße"),
}  # fmt: skip


def name(chance: random.Random, language: str) -> str:
    """First and last name."""
    return f"{chance.choice(_FIRST[language])} {chance.choice(_LAST[language]).replace('_', ' ')}"


def address(chance: random.Random, language: str) -> str:
    """Street and number, as written there."""
    return f"{chance.choice(STREETS[language if language in STREETS else 'fr'])} {chance.randint(1, 180)}"
