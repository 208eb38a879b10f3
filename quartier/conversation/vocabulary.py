"""Words by which people answer, in the four languages, as `understanding` sees them: small letters, no accents."""

# ruff: noqa: SIM905 (lists of words are read as sentences)

# What means yes by itself, and what means it only beside a number: "ok" alone may be an answer to anything.
YES = frozenset("oui ouais ouaip yes yep yup yeah yea ye ja jawel jaja jazeker jawohl jep jup".split())
YES_WITH_NUMBER = frozenset(
    "ok oke okay okee daccord dac accord akkoord einverstanden volontiers graag gern gerne agreed alright "
    "dakkoord okey okidoki".split()
)
NO = frozenset("non nan nn no nope nah naw nee neen neeje nein".split())
# Signs that stand for a word; skin colours and variants are taken off before.
SIGNS = {
    "👍": " oui ", "✅": " oui ", "👌": " oui ", "✔": " oui ", "☑": " oui ", "🆗": " ok ",
    "👎": " non ", "❌": " non ", "🚫": " non ", "✖": " non ", "⛔": " non ",
}  # fmt: skip
# Said around an answer, with words that alone would mean something else; each becomes what stands beside it.
# "No problem" is never a no, and a yes only where one stands beside it.
PHRASES = (
    (r"(?:pas de?|aucun|geen|gene|keine?|no) (?:problemes?|soucis?|probleem|thema|worries|problem)", "noproblem"),
    (r"(?:a|tot|bis) (?:demain|morgen|tantot|straks|spater)|see you (?:tomorrow|later)|a plus tard", " "),
    (r"(?:guten|goede|goeden|good) (?:morgen|morning)|goeiemorgen|of course", " "),
    (r"s[ ']?il (?:vous|te) plait|bien a vous", " "),
    (r"bien sure?|bien volontiers|natuurlijk|tuurlijk|alles klar|geht klar|(?:komt )?in orde", "sicher"),
    (r"in ordnung|avec plaisir|met (?:veel )?plezier|mit (?:vergnugen|freude)|with pleasure", "sicher"),
    (r"(?:thank|dank) (?:you|u|je|ihnen)(?: wel| well| very much)?|je vous remercie", "merci"),
    (r"(?:excuse[sz]?|pardonnez)[ -]moi|excuus|excuseer|entschuldigung|pardon", "sorry"),
    (r"tut mir (?:sehr )?leid|het spijt (?:me|mij)|(?:jammer|spijtig) genoeg|i[ ']?m afraid", "leider"),
    # "Sorry, but" brings what follows, and takes nothing back.
    (r"(?:sorry|desolee?s?|leider|helaas|unfortunately)[\s,]+(?:mais|maar|aber|but)", "sorry"),
    (r"auf jeden fall|zeker en vast|for sure|sans faute", "sicher"),
    ((r"(?:bon|bonne|fijne|prettige|goeie|goede|nog een|schonen?|schoenen?|nice|good|lovely) (?:\w+ )?"
     r"(?:journee|soiree|weekend|we|dag|avond|tag|abend|day|evening)(?: nog| noch)?(?: verder)?"), " "),
    (r"(?:sans|zonder|ohne|without) (?:moi|mij|me|mich)|count me out", "unmoglich"),
    (r"(?:doesnt|does not|wont|will not) (?:work|suit|fit)", "unmoglich"),
    (r"voor (?:mij|me|ons)|fur mich|pour moi|for me|voor (?=(?:nr\.? |nummer )?\d)", " "),
    (r"count me in", "sicher"),
    ((r"(?:c[' ]?est|is|ist|its|it[' ]s) (?:pas|niet|nicht|not) (?:(?:tres|trop|si|zo|te|so|zu|too|very) )?"
      r"(?:loin|ver|weit|far)"), " "),
    # Without its accent "occupé" is written as in "je m'en occupe", and is the opposite.
    (r"(?<!m')(?<!s')(?<!\bm )(?<!\bs )(?<!\ben )occupee?s?", "unmoglich"),
    # "net" is "not" in the south of the German words, and "just now" in Dutch.
    (r"(?<=kann |geht |heut |wird )net|(?<=heute )net", "nicht"),
)  # fmt: skip
# Beside a yes these make it a no, or a condition: somebody must read it.
NOT = frozenset(
    "pas ne n jamais niet ni nit ned geen nooit nicht kein keine keinen nie niemals not never dont doesnt isnt cant "
    "cannot wont impossible onmogelijk unmoglich unmoeglich impossibles".split()
)
BUT = frozenset(
    "mais sauf plutot si peutetre peut maar tenzij eerder liever als misschien indien aber ausser eher lieber wenn "
    "falls vielleicht mss enkel but unless rather if maybe perhaps except probleme problemes souci soucis probleem "
    "problem zorgen sorge pourquoi waarom warum why "
    "ou of oder or wel doch toch quand meme finalement eigenlijk eigentlich actually attends attendez wacht warte wait "
    "condition voorwaarde bedingung provided principe prinzip principle normalement normaal normaliter normalerweise "
    "normally probablement waarschijnlijk wahrscheinlich probably sans doute crois pense denk glaub glaube think guess "
    "depend hangt kommtdrauf depends seulement uniquement seul seule alleen slechts allein nur erst only alone "
    "quelle quel combien qui waar wanneer hoe hoelaat wie wo wann wer where when what who jein".split()
)
# Not now, but another time: a no to this offer, or a yes to another; nobody knows.
LATER = frozenset(
    "demain apresdemain morgen overmorgen ubermorgen tomorrow tard later straks spater spaeter".split()
)
# Beside a no it is kind. Beside a yes it may take it back ("oui, désolé"), except for an answer that comes late.
REGRET = frozenset(
    "sorry dsl sry srry sadly desole desolee desoles helas malheureusement helaas spijtig jammer leider unfortunately "
    "afraid".split()
)
LATE = frozenset(
    "retard late laat later wachten vertraging spate spat spater verspatung verspatete delay wait attente".split()
)
# With a number, and nothing beside them but words from these lists: what somebody can or will do is a yes, and with a
# "not" a no. One word more, and a person reads it.
CAN = frozenset(
    "peux peu pourrai saurais saurai possible libre dispo disponible marche jpeux jpeu "
    "kan kkan kunnen vrij beschikbaar mogelijk lukt lukken "
    "kann moglich moeglich frei verfugbar verfuegbar schaff schaffe schaffs "
    "can able free available".split()
)
DO = frozenset(
    "va vais irai fais ferai occupe occuperai charge chargerai prends prendrai arrive joue roule convient arrange "
    "temps "
    "ga kga gaat kom doe doen past zorg regel tijd "
    "geht gehe geh komme komm mache mach machs ubernehme uebernehme kummer kummere passt zeit hingehen "
    "go do come take make works time".split()
)
# Beside a no these contradict it: "non, j'arrive".
COMING = frozenset("arrive occupe charge kom kzal komm komme passt ubernehme uebernehme coming".split())
GOOD = frozenset(
    "bon bonne parfait perfekt goed goe prima perfect gut good great fine accept accepte aanvaard komtinorde".split()
)
SURELY = frozenset(
    "sur sure certainement evidemment plaisir zeker natuurlijk plezier sicher klar naturlich natuerlich vergnugen "
    "selbstverstandlich selbstverstaendlich pleasure gladly happy certainly absolutely definitely".split()
)
CANNOT = frozenset(
    "cant cannot cantdo wont couldnt doesnt impossible onmogelijk unmoglich unmoeglich unable unavailable refuse "
    "decline weiger verhinderd verhindert absagen ablehnen".split()
)
# A "not" beside one of these is a no to this one: "pas ce soir", "deze keer niet".
THIS_TIME = frozenset(
    "aujourdhui auj soir matin midi fois semaine vandaag vanavond vanmiddag vandemiddag keer week heute heut abend "
    "diesmal mal woche today tonight evening afternoon now da thuis zuhause home chez".split()
)
# What holds such an answer together.
AROUND_ABILITY = frozenset(
    "je j m me ca cela ce cet cette c est sera suis serai y en l le la pour moi n ne vraiment aller venir faire ai "
    "apres "
    "ik k t het dat da das is ben zal zou zullen mij me voor deze gaan komen er ervoor heb hebben tis tes echt "
    "ich i es das ist bin hab habe wird werde mir mich bei fur dies muss kommen drum darum machen noch zu "
    "im m ll ill it its s that thats be am have to for will would at on this sounds help thing mehr meer longer".split()
)
# Beside a refusal these say until when: it may be a yes for the rest of the day.
LIMITS = frozenset(
    "avant apres jusque voor na tot vanaf pas vor nach bis ab before after until till from".split()
)
# "I don't say no" is none.
SAY = frozenset("dis dit dire zeg zeggen sage sagen say saying".split())
NOT_NO = r"\b(?:pas|niet|nicht|not) (?:non|nee|neen|nein|no)\b"
I_GO = r"\b(?:j[ ']?y vais|i[ ']?ll (?:go|do|come|be)|ik ga|ik doe het|ich mach\w*|ich geh\w*)\b"
# A question has its verb first, also without its sign.
ASKS = r"\W*(?:\d+\W+)?(?:geht|gaat|lukt|is|est|kann|kan|can|passt|past|va) (?:das|es|dat|da|het|it|ce|ich|ik|i|that)\b"
# Whoever says "you" asks.
SECOND_PERSON_WORDS = frozenset("you vous u tu sie du jij".split())
# What is only said to be kind, around an answer.
KIND = frozenset(
    "ah eh ben bah ach nou bonjour bonsoir salut merci svp stp sil vous te plait bien sur sure avec plaisir tres "
    "volontiers monsieur madame "
    "goeiedag goeiemorgen goeiemiddag goeienavond goeienamiddag noproblem "
    "goedendag goedemorgen goedemiddag goedenavond hallo hoi dag dank bedankt dankje aub alstublieft alsjeblieft "
    "dankjewel dankuwel groeten groetjes mvg "
    "natuurlijk zeker hoor graag prima goed met plezier heel guten tag morgen abend danke bitte klar gern gerne "
    "naturlich sicher sehr schon hello hi good morning thank thanks you please of course certainly pour voor fur for "
    "le la de het die das der den the a au aux aan an op a et en und and numero nr je u ik ich i j "
    "beaucoup u mij moi me mir sorry dsl sry srry desole desolee helas malheureusement helaas leider unfortunately "
    "beste liebe dear daccord ok oke okay accord akkoord".split()
)
STOP = frozenset(
    "stop stops stopp stoppen stopall arret arreter arretez arrete desabonner desabonnez desabonnement desinscrire "
    "desinscrivez desinscription uitschrijven uitschrijving afmelden afmelding abmelden abmeldung abbestellen "
    "unsubscribe optout stopt stoppe aufhoren aufhoeren ophouden".split()
)
PAUSE = frozenset(
    "pause pauser pausez pausieren pauze pauzeren suspendre suspendez interrompre annuler annulez annuleer annuleren "
    "overslaan absagen aussetzen unterbrechen cancel skip suspend interrupt "
    "vacances vakantie verlof urlaub ferien holiday holidays".split()
)
# Help is not needed any more; with nothing else beside it but what follows.
CANCEL = frozenset(
    "annuler annulez annule annulation annuleer annuleren annulering geannuleerd afzeggen afgelasten absagen absage "
    "stornieren storniere stornierung cancel cancelled canceled cancelling".split()
)
CANCEL_AROUND = frozenset(
    "tout toute toutes tous les le la mes ma mon l aide demande demandes rendezvous visite je j veux voudrais souhaite "
    "dois faut il peut peux pouvez vous "
    "alles alle al mijn de het hulp aanvraag aanvragen bezoek ik wil zou willen moet graag mag kan u "
    "meine die hilfe anfrage anfragen besuch ich mochte will muss bitte sie konnen "
    "everything all it my the help request requests visit i want would like to have need d please can you".split()
)
CANCEL_PHRASES = (
    r"(?:(?:je )?n ?(?:en )?ai )?plus besoin(?: d aide| de rien| de vous| de votre aide)?",
    r"(?:(?:ce )?n est )?plus (?:necessaire|la peine)",
    r"(?:ik heb )?(?:niets|geen hulp|niemand) meer nodig|(?:het )?is niet meer nodig|niet meer nodig",
    r"(?:(?:het|dat|u) )?hoeft niet meer(?: te komen)?",
    r"(?:ich )?brauche (?:nichts|keine hilfe|niemanden) mehr|(?:es ist )?nicht mehr notig",
    r"wird nicht mehr gebraucht|(?:es |das )?hat sich erledigt",
    r"(?:(?:i|we) )?(?:no longer need (?:anything|help|it)|dont need (?:anything|help|it) any ?more)",
    r"(?:it s |its |it is )?(?:no longer (?:needed|necessary)|not (?:needed|necessary) any ?more)",
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
    r"dans|in|over|binnen|environ|ongeveer|etwa|ungefahr|ungefaehr|rund|circa|about|around|approx|moins|minder|"
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
# That somebody has died, and that nobody is to come any more. "Tot" is "until" in Dutch.
DIED = (
    "gestorben", "verstorben", "decede|decedee|deces", "est partie? cette nuit",
    r"est morte?(?! de (?:rire|fatigue|faim|soif|froid|peur|honte)\b)", "nous a quittes",
    "overleden", "gestorven", "overlijden", "passed away", "(?:has|is) (?:died|dead)", "died",
)  # fmt: skip
NOBODY_MORE = (
    "niemand(?:en)? mehr (?:zu )?(?:schicken|kommen|vorbei)", "(?:schicken|senden) sie (?:bitte )?niemand(?:en)?",
    "n envoyez (?:plus )?personne", "plus envoyer personne", "(?:stuur|sturen)(?: u)? (?:aub )?niemand",
    "niemand meer (?:te )?(?:sturen|komen|langs)", "(?:do not|don t|dont) send any(?:one|body)",
    "send (?:no ?one|nobody)",
)  # fmt: skip
