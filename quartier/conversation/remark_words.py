"""What may stand beside a yes to an offer and takes nothing back: how somebody comes, with whom, thanks and greetings,
a name under them. Pure.

A closed list, on purpose: illness, distance, another day and a change of mind are said in more words than anybody can
list. What stands here is common and changes nothing; of every other word we ask whether it was a yes.
"""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re

from quartier.conversation import vocabulary as words

# All as `understanding` writes: small letters, no accents, words apart by one space, no apostrophes.
_EASY = frozenset(
    # Little words.
    "je j me m moi y en la l le les lui leur elle il eux on nous vous vos votre un une de d du des ce c ca cela cet "
    "cette a au aux chez dans par sur que qu qui et ou est suis sommes serai sera serais ai avons mon ma mes notre nos "
    "juste tout toute toutes tous tres bien deja encore aussi donc alors oh ah hey coucou "
    "ik k me mij we wij ze zij haar hem hen hun het t er een de den dat die dit van in op met bij naar aan om te en "
    "ben is zijn zal zou heb hebben mijn onze ons al ook nog even eens dan zo wel heel juist gewoon altijd "
    "ich es sie ihr ihm ihnen er wir uns mir mich man der die das den dem ein eine einen einem im in am an auf bei zu "
    "zur zum mit nach vor von bin ist sind bist werde wird habe hab haben mein meine meinen meinem meiner unser unsere "
    "auch ja gleich mal dann so noch eh sowieso gerade immer kurz "
    "i m im ill ve id s ll me my we our us you u your it its that thats this the a an in at on to of by with and am is "
    "are be been was will would have has had got just so very too also then there here her him them she he they all "
    # Coming and going.
    "vais viens arrive arrivons passe passons passerai viendrai irai pars partons partirai part parti partie rends "
    "prends prendrai prendre roule marche cours file demarre descends monte sonne sonnerai appelle appellerai "
    "previens dites dis direz partir venir aller route chemin passage parti minutes minute instant heure heures "
    "kom komen ga gaan vertrek vertrekken rij rijd spring loop wandel stap neem nemen pak bel zeg weet "
    "onderweg weg binnen straks zo direct meteen dadelijk onmiddellijk subiet seffens vertrekken aankomen "
    "komme kommen gehe gehen geh fahre fahren lauf laufe spaziere nehme nehmen rufe sagen sag los unterwegs weg "
    "sofort direkt gleich jetzt bald mache mach machen machs wege liegt ligt "
    "come coming go going leave leaving left walk walking drive driving cycle cycling bike biking take taking ride "
    "riding call calling tell stopping pop popping swing head heading round down along soon "
    "right now already route way shortly straight immediately directly first "
    # By what, and with whom.
    "velo voiture auto tram bus metro pied scooter trottinette vehicule "
    "fiets wagen auto bakfiets moto voet brommer "
    "rad fahrrad wagen bahn roller fuss "
    "car tube van foot scooter bicycle "
    "mari femme fille fils soeur frere ami amie copain copine mere pere maman papa conjoint compagne voisin "
    "voisine collegue "
    "man vrouw dochter zoon zus broer vriend vriendin moeder vader mama partner buur buurman buurvrouw "
    "collega samen "
    "mann frau tochter sohn schwester bruder freund freundin mutter vater partner nachbar nachbarin kollege "
    "kollegin zusammen "
    "husband wife daughter son sister brother friend mother mum mom father dad partner neighbour neighbor "
    "colleague together "
    # Who lives near, and knows them.
    "connais connait habite habitons vis cote pres proche proximite quartier coin rue immeuble personne dame "
    "monsieur etage voisinage "
    "ken kent kennen woon wonen vlakbij dichtbij buurt straat hoek naast gebouw mevrouw dame meneer mens "
    "kenne kennt wohne wohnen nebenan nahe naehe ecke strasse dame herr herrn gegend nachbarschaft haus "
    "know knows live next door near nearby close corner street block lady gentleman area neighbourhood "
    # What they do.
    "fais ferai faire fait occupe occuperai charge chargerai apporte apporterai amene ramene depose achete acheter "
    "cherche chercher courses course pain lait pharmacie medicaments magasin supermarche sac sacs marche "
    "doe doen zorg haal halen breng brengen koop kopen boodschappen brood melk apotheek winkel supermarkt tas tassen "
    "regel markt "
    "kummere kuemmere darum erledige erledigt besorge bringe hole kaufe einkauf einkaufen brot milch apotheke laden "
    "supermarkt tasche "
    "do doing done bring bringing get getting fetch pick pickup collect shopping bread milk pharmacy shop store bag "
    "bags consider sorted "
    "delhaize colruyt carrefour lidl aldi okay spar match cora proxy albert heijn intermarche rewe edeka tesco "
    # Glad to.
    "compte comptez compter content contente heureux heureuse ravi ravie pouvoir aider aide plaisir volontiers joie "
    "super genial chouette cool top nickel impeccable parfait parfaite excellent bon bonne okidoki va convient "
    "arrange possible libre dispo disponible note recu compris entendu confirme certainement absolument evidemment "
    "reken rekenen blij helpen help kan mag graag plezier leuk fijn super tof prima perfect goed uitstekend past "
    "passen vrij beschikbaar genoteerd begrepen bevestigd bevestig absoluut uiteraard zeker doeme "
    "zahlen zaehlen konnen koennen kann auf freue freu froh helfen helfe freude super toll prima perfekt gut bestens "
    "wunderbar passt frei verfugbar verstanden notiert bestatigt bestatige selbstverstandlich naturlich klar machbar "
    "count glad happy delighted help helping can pleasure love lovely great super perfect fine good brilliant cool "
    "sure suits suit works free available noted understood confirmed confirm absolutely definitely course "
    # Thanks and greetings.
    "merci beaucoup mille gentil message remerciements bonjour bonsoir bonne journee soiree apresmidi bises "
    "bisous bisou cordialement amicalement salutations sinceres meilleures amities bientot tantot revoir "
    "dank bedankt wel veel bericht vriendelijke vriendelijk hartelijke hartelijk groeten groet groetjes groetjes "
    "liefs mvg knuffel knuffels tot dag avond middag fijne mooie mijnheer "
    "danke vielen herzlichen herzliche viele liebe lieber grusse gruesse gruss grussen gruessen freundlichen "
    "freundliche beste lg mfg vg tag abend schonen schoenen tschuss bis nachricht "
    "thanks thank many much kind regards best wishes warm cheers love x xx xxx ta soon speak talk hi hello hey dear "
    "message bye "
    # A few more.
    "chef present presente pret prete allez allons hop go rends rend cours vite possible disposition debut fin mme mr "
    "comme prevu habitude accueil sonnette porte trouve trouverai "
    "afgesproken genoteerd paraat gauw snel spoedig zodra einde begin mevr mr mekaar deur aanbellen bel "
    "bereit abgemacht ubernehm ubernimm schnell sobald ende anfang frau herr moin servus klingel klingle tur ok oki "
    "ready deal roger got it sounds mrs mr ms quick asap early end door ring bell trouble "
    # The number of the offer, and hours and days, which `hours` reads.
    "nr numero nummer number code "
    "matin midi soir apres avant vers entre jusque jusqu aujourdhui auj apresmidi heure heures demi demie quart "
    "lundi mardi mercredi jeudi vendredi samedi dimanche "
    "vandaag vanavond vanmiddag vanochtend namiddag voormiddag middag avond tegen rond tussen voor na vanaf uur half "
    "kwart maandag dinsdag woensdag donderdag vrijdag zaterdag zondag nu "
    "heute vormittag nachmittag mittag abend gegen zwischen um ab uhr halb viertel stunde montag dienstag mittwoch "
    "donnerstag freitag samstag sonnabend sonntag "
    "today tonight evening afternoon noon around between about before after from until till hour half quarter "
    "monday tuesday wednesday thursday friday saturday sunday pm oclock "
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf deux trois quatre cinq six sept huit neuf dix onze "
    "eins zwei drei funf sechs sieben neun zehn elf zwolf one two three four five six seven eight nine ten eleven "
    "twelve".split()
)
# What somebody can or will do, without a "not": with it nothing is a plain yes.
_ABLE = words.CAN | words.DO | words.COMING | (words.AROUND_ABILITY - {"mehr", "meer", "longer"})
_ABLE |= words.THIS_TIME - {"semaine", "week", "woche"}
# Said around it, as a whole: their words alone could mean something else.
_WHOLE = re.compile(
    r"\b(?:"
    r"c est parti|ce sera fait|(?:mets|enfile) (?:mes|mon|ma) (?:chaussures|manteau|veste)|"
    r"(?:doe|trek) (?:mijn|m n) (?:schoenen|jas|frak) aan|zieh\w* (?:mir )?(?:die |meine )?(?:schuhe|jacke) an|"
    r"put(?:ting)? (?:on )?my (?:shoes|coat) on|"
    r"(?:komt|is) (?:allemaal )?(?:goed|in orde)|"
    r"on it|okey dokey|let s go|will do|(?:straight|right) away|see (?:you|u|ya|her|him)|tot ziens|"
    r"(?:head|com|pop|walk|driv|go|cycl)(?:e|ing)? (?:right |straight )?over|"
    r"(?:laat|laten) (?:het )?(?:haar|hem|mevrouw|meneer) (?:maar )?weten|sans probleme|zonder probleem"
    r")\b"
)
# Whoever signs writes a name under it.
_SIGNED = re.compile(
    r"\b(?:groeten|groet|groetjes|grtjes|grtz|mvg|liefs|cordialement|amicalement|bises|bisous|amities|salutations|lg|"
    r"mfg|vg|grusse|gruesse|gruss|grussen|gruessen|regards|cheers|xx?x?)( [^\W\d_]+){1,2}$"
)
# Words that stand above, and together say something else: "call me", "I am away", "it is over".
_TOGETHER = re.compile(
    r"\b(?:(?:bel|appelle|call|tell|sag|sagen sie) (?:me|mij|moi|mir|us|ons|nous|uns)|sag\w* (?:\w+ ){0,2}ab|"
    r"(?:ben|bin|zijn|sind|muss|fahre?|ga) (?:\w+ ){0,2}(?<!\bop )(?<!\bde[mn] )weg|(?:ai|fait) mal)\b"
)
# How far it is they say who find it far.
_FAR = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:km|kilom\w+|miles?)\b")


def strange_words(said: str, found: list[str], *, late: bool) -> frozenset[str]:
    """The words of an answer (`said`, and its words without times) that are not known to change nothing. `late`: it is
    sorry that it comes late."""
    apart = " ".join(found)
    apart = _SIGNED.sub(" ", _WHOLE.sub(" ", apart))
    strange = {word for word in apart.split() if not word.isdecimal() and not _is_easy(word)}
    if late:
        strange -= words.LATE | {"antwoord", "reponse", "antwort", "reply", "answer", "temps"}
    strange.update(found[0] for found in _TOGETHER.finditer(apart))
    return frozenset(strange | ({"km"} if _FAR.search(said) else set()))


def _is_easy(word: str) -> bool:
    """Also with letters that are held down, as `understanding` reads it."""
    ways = {word, re.sub(r"(.)\1+", r"\1\1", word), re.sub(r"(.)\1+", r"\1", word)}
    known = (
        _EASY
        | _ABLE
        | words.YES
        | words.YES_WITH_NUMBER
        | words.KIND
        | words.GOOD
        | words.SURELY
        | words.REGRET
    )
    return not ways.isdisjoint(known)
