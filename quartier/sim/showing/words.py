"""What invented people write and say, in the languages of the country. English where somebody speaks none of them."""

from collections.abc import Mapping

GOODS: dict[str, tuple[str, ...]] = {
    "fr": ("1 pain gris (coupé)", "2 l de lait", "6 œufs", "500 g de café", "1 kg de pommes", "4 yaourts",
           "1 kg de pommes de terre", "Du savon", "2 boîtes de soupe", "Du papier de toilette", "250 g de beurre",
           "3 tomates", "1 boîte de biscuits", "Des croquettes pour le chat (les bleues)"),
    "nl": ("1 grijs brood (gesneden)", "2 l melk", "6 eieren", "500 g koffie", "1 kg appels", "4 yoghurts",
           "1 kg aardappelen", "Zeep", "2 blikken soep", "Wc-papier", "250 g boter", "3 tomaten",
           "1 pak koekjes", "Kattenbrokjes (de blauwe)"),
    "de": ("1 Graubrot (geschnitten)", "2 l Milch", "6 Eier", "500 g Kaffee", "1 kg Äpfel", "4 Joghurts",
           "1 kg Kartoffeln", "Seife", "2 Dosen Suppe", "Toilettenpapier", "250 g Butter", "3 Tomaten",
           "1 Packung Kekse", "Katzenfutter (das blaue)"),
    "en": ("1 brown loaf (sliced)", "2 l milk", "6 eggs", "500 g coffee", "1 kg apples", "4 yoghurts",
           "1 kg potatoes", "Soap", "2 tins of soup", "Toilet paper", "250 g butter", "3 tomatoes",
           "1 packet of biscuits", "Cat food (the blue one)"),
}  # fmt: skip
SHOPS: dict[str, tuple[str, ...]] = {
    "fr": ("La supérette de la place", "Le marché du samedi", "Le magasin de la gare"),
    "nl": ("De buurtwinkel op het plein", "De zaterdagmarkt", "De winkel bij het station"),
    "de": ("Der Laden am Platz", "Der Samstagsmarkt", "Der Laden am Bahnhof"),
    "en": ("The small shop on the square", "The Saturday market", "The shop at the station"),
}
NEVER = {
    "fr": "Pas de porc, pas d’alcool", "nl": "Geen varkensvlees, geen alcohol",
    "de": "Kein Schweinefleisch, kein Alkohol", "en": "No pork, no alcohol",
}  # fmt: skip
ALLERGIES = {"fr": "Noix, arachides", "nl": "Noten, pinda’s", "de": "Nüsse, Erdnüsse", "en": "Nuts, peanuts"}
INSTEAD = {"fr": "Pain blanc", "nl": "Wit brood", "de": "Weißbrot", "en": "White bread"}
WELL: dict[str, tuple[str, ...]] = {
    "fr": ("Un jeune homme très gentil, il a pris le temps.", "Tout était là, merci beaucoup.",
           "Je me sens moins seule.", "Il faudrait aussi quelqu’un pour le jardin.",
           "Elle a même descendu les poubelles."),
    "nl": ("Heel vriendelijk, ze nam haar tijd.", "Alles was erbij, dank u wel.", "Ik voel me minder alleen.",
           "Iemand voor de tuin zou ook fijn zijn.", "Hij bracht zelfs het vuilnis buiten."),
    "de": ("Sehr freundlich, er hat sich Zeit genommen.", "Alles war dabei, vielen Dank.",
           "Ich fühle mich weniger allein.", "Jemand für den Garten wäre auch schön.",
           "Sie hat sogar den Müll hinuntergebracht."),
    "en": ("Very kind, and took the time.", "Everything was there, thank you.", "I feel less alone.",
           "Somebody for the garden would help, too.", "She even took the bins down."),
}  # fmt: skip
NOT_WELL: dict[str, tuple[str, ...]] = {
    "fr": ("Il manquait les médicaments, et je n’ose pas sortir.", "Personne n’est venu hier.",
           "Il a laissé le sac en bas, je ne peux pas le monter."),
    "nl": ("De medicijnen ontbraken, en ik durf niet buiten.", "Gisteren is er niemand gekomen.",
           "Hij liet de tas beneden staan, ik krijg ze niet naar boven."),
    "de": ("Die Medikamente fehlten, und ich traue mich nicht hinaus.", "Gestern ist niemand gekommen.",
           "Er hat die Tasche unten gelassen, ich kann sie nicht hochtragen."),
    "en": ("The medicines were missing, and I do not dare to go out.", "Nobody came yesterday.",
           "He left the bag downstairs, I cannot carry it up."),
}  # fmt: skip
HELPER: dict[str, tuple[str, ...]] = {
    "fr": ("Nous avons bien ri.", "Elle voudrait qu’on repasse vendredi."),
    "nl": ("We hebben goed gelachen.", "Ze wil graag dat we vrijdag terugkomen."),
    "de": ("Wir haben viel gelacht.", "Sie möchte, dass wir am Freitag wiederkommen."),
    "en": ("We had a good laugh.", "She would like us to come back on Friday."),
}
TOO_MUCH = {
    "fr": "Il n’y avait pas de café dans le sac, pourtant il est compté.",
    "nl": "Er zat geen koffie in de tas, en toch is die aangerekend.",
    "de": "In der Tasche war kein Kaffee, er ist aber berechnet.",
    "en": "There was no coffee in the bag, and yet it was counted.",
}
DECIDED = {
    "fr": "Le café n’y était pas : il est retiré.", "nl": "De koffie zat er niet bij: die gaat eraf.",
    "de": "Der Kaffee war nicht dabei: Er wird abgezogen.", "en": "The coffee was not there: it is taken off.",
}  # fmt: skip
COLD = {
    "fr": "J’ai de la fièvre depuis hier et plus rien à manger.",
    "nl": "Ik heb koorts sinds gisteren en niets meer te eten.",
    "de": "Ich habe seit gestern Fieber und nichts mehr zu essen.",
    "en": "I have had a fever since yesterday, and there is nothing left to eat.",
}
WORRY = (
    "Depuis deux semaines, un homme sonne chez ma mère et dit venir de votre part. Il demande à voir ses papiers. "
    "Elle ne connaît pas son nom et n’ose pas refuser."
)


def of[T](words: Mapping[str, T], language: str) -> T:
    """The words in this language, else in English."""
    return words.get(language, words["en"])
