"""Violence that is done to somebody else, in the four languages: who does it, to whom, in every tense ("her husband
hits her", "son mari l'a frappée", "hij heeft haar geslagen", "weil er sie schlägt"). Pure.

Each rule is put together of a few lists, so that a verb that is added counts in every sentence. All as `danger`
flattens a text: small letters, no accents, words apart by one space, no apostrophes.
"""

# ruff: noqa: E501 (a pattern stays on the line of what it says)

from quartier.conversation.emergency_words import PERSON

# Somebody by a noun, whom it is done to: "the nail on the head" is nobody.
_ONE = rf"(?!(?:on|je|j|il|elle|ils|elles|nous|ik|k|hij|ze|zij|we|wij|ich|er|sie|wir|i|im|ive|he|hes|she|shes|they|nicht|pa|ma)\b){PERSON}"
# What is won, beaten in a kitchen, or said of a number.
_GAME = (
    r"(?! (?:\w+ ){0,4}(?:cartes|echecs|scrabble|petanque|belote|tennis|loto|foot|football|dames|kaart\w*|schaken|dammen|"
    r"biljart|voetbal|karten\w*|schach\w*|skat|spiel|fussball|cards?|chess|bingo|draughts|darts|neige|fouet|steif)\b)(?! \d)"
)

_FR_NOW = (
    r"(?:frapp(?:e|ent|ait|aient)|bat|battent|battait|battaient|tabass\w+|gifl\w+|cogn\w+|maltrait\w+|brutalis\w+|"
    r"tap(?:e|ent|ait|aient)|etrangl\w+|menac\w+|viol(?:e|ent|ait)|sequestr\w+|enferm\w+|martyris\w+|rou(?:e|ent) de coups)"
)
_FR_DONE = (
    r"(?:frappe|battu|tabasse|gifle|cogne|maltraite|brutalise|tape|etrangle|menace|viole|sequestre|enferme|martyrise|"
    r"roue)e?s?"
)
_FR_NO = r"(?! (?:d |de (?!coups)|pas|plus|jamais|a l ordi\w*|a la machine|sur (?:le|mon|l) (?:clavier|ordi\w*))\b)"
# Not "ce qui l'a frappée": that struck somebody.
_FR_HAS = r"(?<!ce qui )(?<!ca )(?<!cela )(?:l|les) (?:a|ont|avait|avaient) (?:(?!pas |plus |jamais |ete )\w+ ){0,2}"
_FR_WHOM = r"(?:sa|son|ses|leurs?|ma|mon|mes|la|le|les|l|une?|des)"

_NL_NOW = (
    r"(?:slaat|sloeg|slaan|sloegen|mishandel(?:t|de|en|den)|schop(?:t|te|pen|ten)|stamp(?:t|te)|bedreig(?:t|de|en|den)|"
    r"wurg(?:t|de)|verkracht(?:te)?|mept(?:e)?)"
)
_NL_DONE = (
    r"(?:geslagen|mishandeld|geschopt|gestampt|bedreigd|gewurgd|verkracht|aangerand|opgesloten|afgeranseld|afgetuigd|"
    r"toegetakeld|gemept)"
)
_NL_HOW = (
    r"(?:(?:dan|vaak|altijd|soms|weer|nog|elke|iedere|dag|week|avond|nacht|ook|zo|erg|hard|gisteren|gisterenavond|vandaag|"
    r"steeds|regelmatig|opnieuw|al|toen) ){0,4}"
)
_NL_NO = (
    r"(?! (?:\w+ ){0,3}(?:over|gade|neer|op de schouder|in de war)\b)(?! (?:niet|nooit|ni)\b)"
    # "Haar" of a thing: what is struck, or left out, is that.
    r"(?! (?:slag|vleugels|ogen|armen|benen|boek|brood|kans|\w*maal|\w*maaltijd|beurt|dutje|lunch|ontbijt|tent|hart|pols)\b)"
)
_NL_WHOM = rf"(?:haar|hem|hen|hun|(?:zijn|haar|hun|de|het|een|mijn) (?:\w+ )?{_ONE})"

_DE_NOW = (
    r"(?:schlae?gt|schlug|schlagen|schlugen|(?:ver)?prue?gel(?:t|te|n)|misshandel(?:t|te|n)|bedroh(?:t|te|en)|wue?rgt(?:e)?|"
    r"tritt|vergewaltigt(?:e)?|ohrfeigt(?:e)?|quae?lt(?:e)?|haut)"
)
_DE_DONE = (
    r"(?:zusammen)?(?:geschlagen|verprue?gelt|geprue?gelt|misshandelt|bedroht|gewue?rgt|getreten|geohrfeigt|vergewaltigt|"
    r"gequae?lt|verhauen|gehauen|eingesperrt)"
)
_DE_NO = (
    r"(?! (?:nicht|nie|keine?n?|um)\b)"
    # "Schlägt sie für Montag vor", and not "vor den Kindern".
    r"(?! (?:\w+ ){0,5}vor(?! (?:den|dem|der|allen|anderen|seinen|ihren|meinen|unseren|wut)\b))"
)
_DE_WHOM = rf"(?:sie|ihn|(?:seine?n?|ihre?n?|die|den|das|eine?n?|meine?n?) (?:\w+ )?{_ONE})"
_DE_HOW = r"(?:(?!nicht |nie |kein\w* |sich |lae?ngen |\d)\w+ ){0,4}"
_DE_PLAYED = r"(?<!karten )(?<!kartenspiel )(?<!schach )(?<!kartenspielen )(?<!spiel )(?<!skat )(?<!tennis )(?<!steif )"

_EN_NOW = (
    r"(?:hits?|hitting|beats?|beating|beaten|punch(?:es|ed|ing)?|slap(?:s|ped|ping)?|kick(?:s|ed|ing)?|abus(?:es|ed|ing)|"
    r"strangl(?:es|ed|ing)|chok(?:es|ed|ing)|threaten(?:s|ed|ing)?|shov(?:es|ed|ing)|rap(?:es|ed|ing)|smack(?:s|ed|ing)?|"
    r"thrash(?:es|ed|ing)|batter(?:s|ed|ing)|bash(?:es|ed|ing))"
)
_EN_DONE = r"(?:beaten|hit|punched|slapped|kicked|abused|strangled|choked|threatened|raped|smacked|battered|assaulted|thrashed)"
_EN_HOW = r"(?:(?!never |not |dont |doesnt |didnt |wont |cant |ball )\w+ ){0,3}"
_EN_NO = (
    r"(?! (?:at (?!school|work|home|night|the )|(?:to|in|on|by|out|up) (?!front|the (?:face|stomach|head|back|street|kitchen|stairs)|every|bed|again|public|a (?:rage|temper)))|"
    r" (?:out|hands down|hard by|for six)\b)(?! s\b)"
    # Her head, her number: what she hit, not whom.
    r"(?! (?:head|knee|elbow|arm|leg|hip|back|foot|toe|hand|wrist|shoulder|neck|finger|thumb|ankle|bike|stride|target|"
    r"number|ball|car|feelings|record|score|own)\b(?! against))"
)
_EN_WHOM = rf"(?:her|him|them|(?:his|her|their|the|my|a|an) (?:\w+ )?{_ONE})"

VIOLENCE_TO_OTHERS: tuple[str, ...] = (
    # French. "Il la frappe", "son mari l'a frappée", "il a battu sa femme".
    rf"{PERSON} (?:la|le|l|les) {_FR_NOW}{_FR_NO}{_GAME}",
    rf"{PERSON} la (?:(?:frapp|gifl|tabass|etrangl|menac|viol|enferm|maltrait)ee|battue)s?{_GAME}",
    rf"(?:et|ou|puis|qui) (?:la|le|l|les) {_FR_NOW}{_FR_NO}{_GAME}",
    rf"{_FR_HAS}{_FR_DONE}{_GAME}",
    rf"(?:a|ont|avait|avaient) (?:(?!pas |jamais )\w+ ){{0,2}}{_FR_DONE} (?:sur )?{_FR_WHOM} (?:\w+ )?{_ONE}{_GAME}",
    rf"(?:gifl\w+|battait|battaient|tapait|cognait|sequestr\w+|martyris\w+|secoue) {_FR_WHOM} (?:\w+ )?{_ONE}{_GAME}",
    rf"{PERSON} (?:(?!ne |n |qui |s |se |m |me |t )\w+ ){{0,3}}(?:est|sont|etait|etaient) (?:(?!pas |plus |jamais )\w+ ){{0,2}}{_FR_DONE}{_FR_NO}{_GAME}",
    rf"(?:a|ont|avait) (?:\w+ )?ete (?:\w+ )?(?:{_FR_DONE})(?! par (?:la|le|les|votre|vos|cette) (?!pere|mere|fils|fille|voisine?|mari)){_GAME}",
    r"s (?:est|etait|sont) (?:\w+ )?fait (?:frapper|battre|tabasser|gifler|cogner|agresser|violer)|(?:femme|enfants?|gosses) battue?s?",
    r"(?:lui|leur) (?:tape|cogne|frappe|tapait|cognait|rentre) (?:\w+ )?dessus|(?:lui|leur) (?:fait|font|faisait|a fait|ont fait) (?:\w+ )?du mal|(?:tap|cogn|frapp)\w* sur (?:elle|lui|eux|elles|moi)",
    r"menac\w* de (?:la|le|les|l) (?:tuer|frapper|battre|etrangler)|dreig\w* (?:haar|hem|hen) (?:\w+ ){0,2}te (?:vermoorden|slaan|doden|wurgen)|droh\w* (?:\w+ )?(?:sie|ihn) (?:\w+ ){0,2}zu (?:schlagen|toe?ten)|threat\w* to (?:kill|hit|beat|hurt) (?:her|him|them)",
    r"(?:lui|leur|me|m|nous) (?:a |ont )?(?:donn\w+|mis|met|flanqu\w+|port\w+|coll\w+) (?:\w+ )?(?:(?:des|de|plusieurs) coups|(?:une|des|de) (?:gifles?|claques?|baffes?|raclees?|torgnoles?))(?! de (?:main|fil|tel\w*|pouce)\b)",
    rf"(?:lev|port)\w+ (?:\w+ )?la main sur (?:elle|lui|eux|elles|moi|{_FR_WHOM} (?:\w+ )?{_ONE})",
    # Dutch. "Haar man slaat haar", "hij heeft haar geslagen", "dat hij haar slaat".
    rf"{PERSON} (?:\w+ )?{_NL_NOW} (?:haar|hem|hen){_NL_NO}{_GAME}",
    rf"{_NL_NOW} {PERSON} (?:haar|hem|hen){_NL_NO}{_GAME}",
    rf"{PERSON} {_NL_WHOM} {_NL_HOW}{_NL_NOW}(?! (?:\w+ ){{0,2}}(?:over|af|op hol|voor)\b)",
    rf"(?:heeft|hebben|had|hadden) (?:(?!niet |nooit |niemand )\w+ ){{0,3}}{_NL_WHOM} (?:(?!niet |nooit |kaart\w* |schaken |dammen |biljart )\w+ ){{0,4}}{_NL_DONE}",
    rf"{PERSON} {_NL_WHOM} (?:(?!niet |nooit )\w+ ){{0,2}}{_NL_DONE} (?:heeft|hebben|had)|{PERSON} {_NL_WHOM} (?:heeft|had) {_NL_DONE}",
    rf"{PERSON} (?:(?!niet |nooit |die |dat )\w+ ){{0,2}}(?:word|wordt|worden|werd|werden) (?:(?!niet |nooit )\w+ ){{0,5}}{_NL_DONE}",
    r"(?:krijgt|krijg|kreeg|kregen|krijgen|geeft|gaf|geven|verkoopt) (?:\w+ ){0,3}(?:slaag|klappen|rammel|ransel|meppen|een (?:klap|mep|pak (?:slaag|rammel|voor))(?! (?:op de schouder|van de molen)))",
    rf"{_NL_WHOM} (?:\w+ ){{0,2}}(?:een )?(?:klap|klappen|mep|meppen|vuistslag|slaag) (?:gegeven|verkocht|gaf|geeft)",
    rf"sluit(?:en)? {_NL_WHOM} (?:\w+ ){{0,3}}op|sloot {_NL_WHOM} (?:\w+ ){{0,3}}op|{PERSON} (?:doet|deed|doen) {_NL_WHOM} (?:\w+ )?pijn",
    rf"{PERSON} (?:laat|liet) (?:haar|hem|hen|hun) niet (?:meer )?(?:buiten|weg|naar buiten|vertrekken)",
    # German. "Ihr Mann schlägt sie", "hat sie geschlagen", "weil er sie immer schlägt".
    rf"{PERSON} {_DE_NOW} {_DE_WHOM}{_DE_NO}{_GAME}",
    rf"{PERSON} {_DE_WHOM} {_DE_HOW}(?:schlae?gt|schlug|verprue?gelt|misshandelt|bedroht|wue?rgt|tritt|quae?lt|einsperrt)(?! (?:\w+ ){{0,5}}vor\b)",
    rf"(?:hat|hatte|haben|habe|hatten) (?:(?!nicht |nie )\w+ ){{0,3}}{_DE_WHOM} {_DE_HOW}{_DE_PLAYED}{_DE_DONE}(?! (?:wie|um)\b)",
    rf"{PERSON} {_DE_WHOM} {_DE_HOW}{_DE_PLAYED}{_DE_DONE} (?:hat|hatte|haben)",
    rf"{PERSON} (?:wird|werden|werde|wurde|wurden) (?:(?!nicht |nie |steif |sahne |eier )\w+ ){{0,5}}{_DE_PLAYED}(?:zusammen)?(?:geschlagen|verprue?gelt|geprue?gelt|misshandelt|bedroht|getreten|geohrfeigt|vergewaltigt|gequae?lt)",
    rf"sperr(?:t|te|en|ten) (?:(?:\w+ )?(?:sie|ihn) |(?:\w+ )?(?:seine?n?|ihre?n?|die|den|das) (?:\w+ )?{PERSON} )(?:(?!nicht |nie )\w+ ){{0,4}}(?:ein|weg)",
    rf"{PERSON} (?:tut|tat|tun) (?:ihr|ihm|ihnen|(?:den|der|dem|seine[rmn]|ihre[rmn]) (?:\w+ )?{PERSON}) (?:\w+ )?weh|(?:ihr|ihm|ihnen) (?:\w+ )?(?:ohrfeigen?|schlae?ge|faustschlag|einen tritt) (?:gegeben|verpasst|versetzt)",
    rf"(?:gibt|gab|geben|verpasst) (?:ihr|ihm|ihnen) (?:\w+ ){{0,2}}(?:ohrfeigen?|schlae?ge)|{PERSON} lae?sst (?:sie|ihn) nicht (?:mehr )?(?:raus|hinaus|weg|aus (?:dem|der))",
    rf"{PERSON} (?:\w+ )?(?:bekommt|bekommen|kriegt|kriegen|bekam) (?:\w+ ){{0,3}}(?:schlae?ge|prue?gel)|hand gegen (?:sie|ihn|\w+ {_ONE}) (?:\w+ )?(?:erhoben|gehoben|erhebt)|man schlae?gt (?:mich|uns)",
    # English. "He hit her", "she was beaten", "he keeps hitting her".
    rf"{PERSON} {_EN_HOW}{_EN_NOW} {_EN_WHOM}{_EN_NO}{_GAME}",
    rf"{PERSON} {_EN_HOW}hurting {_EN_WHOM}{_EN_NO}|{PERSON} {_EN_HOW}hurts? (?:him|them|her(?:$| (?:again|when|and|every|badly|often|very|all|so|please|he|i|we|because|if)\b)|(?:his|her|their|the) (?:\w+ )?{PERSON})",
    rf"{PERSON} (?:is|am|are|was|were|being|been|s been|gets?|got|getting|has been|have been)(?: being)? (?:(?!not |never |nearly )\w+ )?{_EN_DONE}(?! (?:(?:hard )?by (?:a|an|the (?:\w+ )?(?:news|price|cost|weather|heat|bill|strike|flood))|at (?!home|night)|to|in|off|out)\b){_GAME}",
    rf"(?:im|shes|hes) (?:being |getting )?(?:beaten|abused|battered)|{PERSON} (?:has |had |is )?(?:lock(?:s|ed|ing)? {_EN_WHOM}|(?:keeps?|kept) {_EN_WHOM} locked) (?:in|up|inside)",
    rf"(?:he|she|husband|wife|son|daughter|partner|boyfriend|father|mother|brother|dad) (?:wont|doesnt|didnt|never|will not) lets? {_EN_WHOM} (?:out|leave|go out|go outside)(?! of (?:the )?(?:hospital|clinic))",
    r"(?:raise[sd]?|lifted|laid|lays) (?:\w+ )?(?:hands?|fists?) (?:to|against|on|at) (?:her|him|them|me|his|the (?:kids|children))",
    # Of all: who is violent.
    rf"{PERSON} (?:is|s|gets|becomes|was|wordt|werd|ist|wird|war) (?:(?!niet |nicht |not |never )\w+ )?(?:violent|abusive|gewelddadig|gewalttae?tig)(?! (?:film\w*|movies?)\b)|(?:hes|shes) (?:\w+ )?(?:violent|abusive)",
    r"(?:victim of|slachtoffer van|victimes? de|opfer (?:von )?) ?(?:\w+ )?(?:domestic violence|huiselijk geweld|partnergeweld|violences? (?:conjugales?|familiales?|domestiques?)|hae?uslicher gewalt)",
)
