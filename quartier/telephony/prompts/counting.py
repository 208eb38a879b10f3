"""Numbers as one says them: keys, places in a queue, how long it takes, hours of the day. Pure functions.

Digits are never given to a voice. `language` is one of `texts.LANGUAGES` throughout.
"""

from datetime import time

from quartier.telephony.prompts.said import Said

KEYS = {
    "fr": ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    "nl": ("één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
    "de": ("Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht", "Neun"),
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
# 0 to 24, for hours and minutes.
NUMBERS = {
    "fr": "zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt vingt-et-une vingt-deux vingt-trois vingt-quatre",
    "nl": "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig eenentwintig tweeëntwintig drieëntwintig vierentwintig",
    "de": "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn zwanzig einundzwanzig zweiundzwanzig dreiundzwanzig vierundzwanzig",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four",
}
TENS = {
    "fr": {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"},
    "nl": {20: "twintig", 30: "dertig", 40: "veertig", 50: "vijftig"},
    "de": {20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig"},
    "en": {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"},
}
# The second place to the twentieth.
ORDINALS = {
    "fr": "deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième "
    "treizième quatorzième quinzième seizième dix-septième dix-huitième dix-neuvième vingtième",
    "nl": "tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
    "vijftiende zestiende zeventiende achttiende negentiende twintigste",
    "de": "zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte "
    "fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste",
    "en": "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth",
}
LAST_PLACE = 20

NEXT = Said(
    "Vous êtes la prochaine personne.",
    "U bent de volgende.",
    "Sie sind als Nächstes an der Reihe.",
    "You are next.",
)
PLACE = Said(
    "Vous êtes la {nth} personne dans la file.",
    "U bent de {nth} in de rij.",
    "Sie sind die {nth} Person in der Warteschlange.",
    "You are {nth} in the queue.",
)
FAR = Said(
    "Vingt personnes ou plus attendent avant vous.",
    "Er wachten twintig mensen of meer voor u.",
    "Zwanzig Personen oder mehr warten vor Ihnen.",
    "Twenty people or more are waiting before you.",
)
ABOUT = Said(
    "Il faut compter environ {time}.",
    "Het duurt ongeveer {time}.",
    "Es dauert etwa {time}.",
    "It takes about {time}.",
)
LONG = Said(
    "Il faut compter plus d'une heure.",
    "Het duurt meer dan een uur.",
    "Es dauert länger als eine Stunde.",
    "It takes more than an hour.",
)
MINUTES = Said("{n} minutes", "{n} minuten", "{n} Minuten", "{n} minutes")
# What has a name of its own.
TIMES = {
    1: Said("une minute", "een minuut", "eine Minute", "a minute"),
    15: Said("un quart d'heure", "een kwartier", "eine Viertelstunde", "a quarter of an hour"),
    30: Said("une demi-heure", "een half uur", "eine halbe Stunde", "half an hour"),
    45: Said("trois quarts d'heure", "drie kwartier", "eine Dreiviertelstunde", "three quarters of an hour"),
    60: Said("une heure", "een uur", "eine Stunde", "an hour"),
}
HOUR = Said("{h} heures", "{h} uur", "{h} Uhr", "{h}")


def key(number: int, language: str) -> str:
    """A key from 1 to 9, as one is told to press it."""
    return KEYS[language][number - 1]


def digit(number: int, language: str) -> str:
    """A digit from 0 to 9, as one reads out a code."""
    return key(number, language) if number else NUMBERS[language].split()[0]


def place(number: int, language: str) -> str:
    """A sentence that tells a place in the queue; 1 is next. Nothing for 0."""
    if number < 1:
        return ""
    if number == 1:
        return str(getattr(NEXT, language))
    if number > LAST_PLACE:
        return str(getattr(FAR, language))
    return str(getattr(PLACE, language).format(nth=ORDINALS[language].split()[number - 2]))


def rounded(minutes: int) -> int:
    """As one says it: each minute up to ten, then in steps of five, rounded up; 61 stands for more than an hour."""
    if minutes <= 10:
        return max(minutes, 0)
    return min(-(-minutes // 5) * 5, 61)


def wait(minutes: int, language: str) -> str:
    """A sentence that tells how long it takes. Nothing for 0: we do not know."""
    minutes = rounded(minutes)
    if minutes < 1:
        return ""
    if minutes > 60:
        return str(getattr(LONG, language))
    if minutes in TIMES:
        said = getattr(TIMES[minutes], language)
    else:
        said = getattr(MINUTES, language).format(n=number(minutes, language))
    return str(getattr(ABOUT, language).format(time=said))


def number(value: int, language: str) -> str:
    """0 to 24, and up to 55 in fives, before a feminine noun where that matters (minutes, heures)."""
    words = NUMBERS[language].split()
    if value < len(words):
        return words[value]
    ten, one = TENS[language][value // 10 * 10], value % 10
    if not one:
        return ten
    if language in {"nl", "de"}:
        return f"{words[one]}{'en' if language == 'nl' else 'und'}{ten}"
    return f"{ten}-{words[one]}"


def hour(at: time, language: str) -> str:
    """An hour of the day, with the minutes in fives."""
    minutes = at.minute // 5 * 5
    if language == "en":
        return _english_hour(at.hour, minutes)
    if language == "fr" and at.hour in {0, 12}:
        said = "midi" if at.hour else "minuit"
    elif language == "fr" and at.hour == 1:
        said = "une heure"
    else:
        said = getattr(HOUR, language).format(h=number(at.hour, language))
    return f"{said} {number(minutes, language)}" if minutes else said


def _english_hour(hours: int, minutes: int) -> str:
    if not minutes and hours in {0, 12}:
        return "noon" if hours else "midnight"
    part = "in the morning" if hours < 12 else "in the afternoon" if hours < 18 else "in the evening"
    said = number(hours % 12 or 12, "en")
    return f"{said} {number(minutes, 'en')} {part}" if minutes else f"{said} {part}"
