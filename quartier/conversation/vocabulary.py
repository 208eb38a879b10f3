"""Words by which people answer, in the four languages, as `understanding` sees them: small letters, no accents."""

# ruff: noqa: SIM905 (lists of words are read as sentences)

# What means yes by itself, and what means it only beside a number: "ok" alone may be an answer to anything.
YES = frozenset("oui ouais yes yep yeah ja jawel jaja jazeker jawohl".split())
YES_WITH_NUMBER = frozenset(
    "ok oke okay okee daccord accord akkoord einverstanden volontiers graag gern gerne".split()
)
NO = frozenset("non nan no nope nee neen nein".split())
# Signs that stand for a word; skin colours and variants are taken off before.
SIGNS = {
    "👍": " oui ", "✅": " oui ", "👌": " oui ", "🆗": " ok ", "👎": " non ", "❌": " non ", "🚫": " non ",
}  # fmt: skip
# Beside a yes these make it a no, or a condition: somebody must read it.
NOT = frozenset(
    "pas ne n jamais niet geen nooit nicht kein keine keinen nie niemals not never dont cant cannot "
    "wont impossible onmogelijk unmoglich unmoeglich impossibles".split()
)
BUT = frozenset(
    "mais sauf plutot si peutetre peut maar tenzij eerder liever als misschien indien aber ausser eher lieber wenn "
    "falls vielleicht mss enkel but unless rather if maybe perhaps except probleme problemes souci soucis probleem "
    "problem zorgen sorge sorry pourquoi waarom warum why".split()
)
# What is only said to be kind, around an answer.
KIND = frozenset(
    "ah eh ben bah ach nou bonjour bonsoir salut merci svp stp sil vous te plait bien sur sure avec plaisir tres "
    "volontiers monsieur madame "
    "goedendag goedemorgen goedemiddag goedenavond hallo hoi dag dank bedankt dankje aub alstublieft alsjeblieft "
    "dankjewel dankuwel groeten groetjes mvg "
    "natuurlijk zeker hoor graag prima goed met plezier heel guten tag morgen abend danke bitte klar gern gerne "
    "naturlich sicher sehr schon hello hi good morning thank thanks you please of course certainly pour voor fur for "
    "le la de het die das der den the a au aux aan an op a et en und and ou numero nr je u ik ich i j "
    "beaucoup u mij moi me mir desole helaas leider beste liebe dear daccord ok oke okay accord akkoord".split()
)
STOP = frozenset(
    "stop stops stopp stoppen stopall arret arreter arretez arrete desabonner desabonnez desabonnement desinscrire "
    "desinscrivez desinscription uitschrijven uitschrijving afmelden afmelding abmelden abmeldung abbestellen "
    "unsubscribe optout stopt stoppe aufhoren aufhoeren ophouden".split()
)
# What may stand around a stop without making it something else.
STOP_AROUND = frozenset(
    "sms smsen mails mail email messages message berichten bericht nachrichten nachricht textos texto texts text "
    "tout tous toutes les des ces vos d m me moi mon alles alle al all everything these de met mit mich mir mij "
    "ecrire sturen schrijven schreiben senden schicken sending writing plus meer mehr more now maintenant nu jetzt "
    "svp aub bitte please merci bedankt danke thanks graag hiermee".split()
)
NO_MORE = (
    r"(ne )?m(e )?( )?(ecrivez|envoyez) plus( rien| de messages?| de sms)?",
    r"plus (de|aucun) (messages?|sms|textos?)",
    r"geen (berichten|berichtjes|smsen|smsjes|sms) meer",
    r"(stuur|schrijf) (me|mij) (niets|niet) meer",
    r"keine (nachrichten|sms|e ?mails|mails|anfragen) mehr",
    r"(schreiben|schicken|senden) sie mir (bitte )?(nichts?|keine (nachrichten|sms|e ?mails|mails)) mehr",
    r"no more (messages|texts|sms)",
    r"(do not|dont) (text|write|message) me( any more| anymore| again)?",
)
START = frozenset(
    "start unstop reprendre reprenez recommencer recommencez hervatten herbeginnen herstarten opnieuw beginnen "
    "weiter wieder fortsetzen weitermachen begin resume restart".split()
)
# A machine says so itself.
ROBOT = (
    "reponse automatique", "message automatique", "absence du bureau", "absent du bureau", "ne pas repondre",
    "noreply", "no reply", "donotreply", "do not reply", "automatic reply", "auto reply", "autoreply", "automated",
    "out of office", "out of the office", "automatisch antwoord", "automatisch bericht", "afwezigheidsbericht",
    "niet beantwoorden", "niet antwoorden op dit", "automatische antwort", "abwesenheitsnotiz",
    "abwesenheitsnachricht", "nicht antworten", "automatisch generiert", "nicht im buro", "nicht im buero",
)  # fmt: skip
# A number before one of these is a time; a length, an amount, an age.
TIME_UNITS = (
    r"h|u|uur|uhr|heures?|hours?|min|mins|minutes?|minuten|minuut|am|pm|oclock|jours?|dagen|dag|tage?n?|days?|"
    r"semaines?|weken|wochen?|weeks?|sec|secondes?|stunden?|std|monate?n?"
)
UNITS = (
    r"km|m|metres?|meter|metern|eur|euros?|kg|g|l|ans?|jaar|jahren?|jahre?|years?|personnes?|personen?|people|"
    r"fois|keer|mal|times|x|etages?|stock|stockwerk|leute"
)
MONTHS = (
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|januari|februari|maart|"
    r"april|mei|juni|juli|augustus|september|oktober|november|december|januar|februar|marz|maerz|august|dezember|"
    r"january|february|march|may|june|july|october|jan|feb|fev|avr|apr|jun|jul|aug|sep|sept|okt|oct|nov|dec|dez"
)
IN = (
    r"dans|in|over|binnen|environ|ongeveer|etwa|ungefahr|ungefaehr|rund|circa|ca|about|around|approx|moins|minder|"
    r"weniger|plus|max"
)
# Before a small number these speak of a time or a day: "vers 18", "op 15".
TIMES = (
    r"a|vers|avant|apres|des|jusqu|jusque|entre|om|rond|tegen|voor|na|vanaf|tot|tussen|um|gegen|vor|nach|ab|bis|"
    r"zwischen|at|by|before|after|from|until|till|between|le|op|am|den|on|the|et|en|und|and"
)
STREET = (
    r"(?:\w*(?:straat|laan|plein|steenweg|dreef|gasse|strasse|weg|allee))|rue|avenue|av|ave|bd|boulevard|chaussee|"
    r"place|square|impasse|quai|clos|dreve|str|platz|street|road|lane|nieuwstraat|markt|kaai"
)
BESIDE_HOUSE = (
    r"bte|boite|bus|tram|lijn|ligne|linie|appartement|app|apt|flat|etage|kamer|chambre|zimmer|wohnung|metro|"
    r"hausnummer"
)
# Small words by which the language of a stranger is told.
ONLY = {
    code: frozenset(said.split())
    for code, said in {
        "fr": "je vous le la les un une est pas pour avec mon ma mes bonjour besoin merci suis j qui que des aide oui",
        "nl": "ik u het een niet voor met mijn goedendag hulp nodig bedankt wie wat zijn heb graag jullie kan ja nee",
        "de": "ich sie der das ein eine nicht fur mit mein meine guten hilfe brauche danke wer ist bin bitte ja nein",
        "en": "i you the a is not for with my hello help need thanks who what are have please am can yes",
    }.items()
}
