"""Words of rarer dangers, mostly of somebody else, in the four languages: gas and carbon monoxide, cold, a wire on the
ground, a child alone, somebody shut out or in, on a bridge, beaten, without insulin. Pure.

All as `danger` flattens a text: small letters, no accents, words apart by one space, no apostrophes.
"""

# ruff: noqa: E501 (a pattern stays on the line of what it says)

from quartier.conversation.emergency_words import PERSON, WEAPON

_WIRE = (
    r"(?:(?:cables?|fils?|lignes?) (?:electriques?|a haute tension|de courant)|(?:stroom|elektriciteits?|"
    r"hoogspannings?)\w*(?:kabels?|draad|draden|lijn|leiding)|elektrische (?:kabel|draad)|(?:strom|hochspannungs|frei|"
    r"ober)(?:kabel|leitung)(?:en)?|(?:power|electric(?:al|ity)?|high voltage) (?:lines?|cables?|wires?)|live (?:wires?|cables?))"
)
_DOWN = (
    r"(?:par terre|au sol|tomb\w+|arrach\w+|pend|sur (?:le|la) (?:rue|route|trottoir|chaussee|sol)|op (?:de )?(?:straat|weg|"
    r"stoep|grond)|gevallen|beneden|afgerukt|auf (?:der|dem) (?:strasse|boden|gehweg|gehsteig)|\w*geriss\w*|\w*gefallen|"
    r"hangt|haengt|hanging|lying|across|los\w*|down|fallen|snapped|on the (?:ground|road|pavement|street|floor))"
)
_SMALL = (
    r"(?:enfant|petite?|bebe|gamine?|nourrisson|kleuter|peuter|kind|kindje|baby|meisje|jongetje|kleinkind|sae?ugling|mae?dchen|"
    r"junge|child|toddler|infant|little (?:boy|girl|one))"
)
_ALONE = r"(?:seule?|alleen|allein|alone|on (?:his|her|its|their) own)"
_LONG = (
    r"(?:depuis|pleure\w*|heures|nuit|uren|weent|huilt|nacht|gisteren|sinds|seit|weint|stunden|gestern|since|hours|crying|"
    r"cries|night|yesterday)"
)
_ROOM = (
    r"(?:salle de bains?|toilettes?|wc|cave|ascenseur|garage|badkamer|kelder|lift|toilet|bad|badezimmer|keller|"
    r"aufzug|fahrstuhl|toilette|bathroom|cellar|elevator|garage|cagibi|berging|abstellraum)"
)
_SHUT = r"(?:coincee?|bloquee?|enfermee?|opgesloten|vast|eingeschlossen|eingesperrt|locked|stuck|trapped)"
_COLD = (
    r"(?:froid|gele|neige|pyjama|chemise de nuit|nuisette|pieds nus|nacht(?:kleed|japon|hemd)\w*|vriest|kou|koud|sneeuw|"
    r"kae?lte|kalt|friert|schnee|barfuss|cold|freezing|freezes|snow|nightdress|nightgown|nightie|barefoot|pyjamas|blootsvoets)"
)
_HIGH = r"(?:pont|toit|brug|dak|brue?cke|dach|bridge|roof|viaduct?|falaise|klippe|cliff)"
_EDGE = r"(?:rambarde|parapet|garde corps|leuning|reling|gelae?nder|brue?stung|railings?|ledge|rand|rebord|kante|edge)"
_FIRE_PLACE = (
    r"(?:brasero|barbecue|bbq|holzkohle\w*|houtskool\w*|charbon de bois|charcoal|groupe electrogene|generateur|generator|"
    r"notstrom\w*|stromerzeuger|aggregaat|vuurkorf|feuerschale|fire pit)"
)
_INDOORS = (
    r"(?:a l interieur|dans (?:la|le|l|sa|son|leur) (?:\w+ )?(?:maison|chambre|salon|cuisine|appartement|garage|cave|sejour|piece)|"
    r"binnen|in huis|in (?:de|haar|zijn|hun) (?:woon)?(?:kamer|keuken|garage|kelder|living)|drinnen|im (?:haus|wohnzimmer|zimmer|"
    r"keller|schlafzimmer)|in der (?:wohnung|kue?che|garage)|indoors|inside)"
)
_CALMING = (
    r"(?:calmants?|tranquillisants?|antidepresseurs?|antidouleurs?|kalmeermiddelen|kalmeerpillen|antidepressiva|pijnstillers|"
    r"beruhigungsmittel\w*|schmerzmittel\w*|sedatives|tranquilli[sz]ers|painkillers|antidepressants)"
)
_BEATS = (
    r"(?:frappe\w*|bat|battent|tabass\w*|gifl\w*|cogne|maltrait\w*|slaat|sloeg|slaan|stampt|mishandel\w*|schlae?gt|schlug|"
    r"verprue?gelt|tritt|hits?|hitting|beats?|beating|kicks?|kicking|punch\w*|slapp\w*)"
)
_BAND = r"(?:mon|ma|mes|mijn|meine?n?|my|notre|onze|unsere?n?|our)"

RARE_SUICIDE: tuple[str, ...] = (
    # On a bridge or a roof, and about to jump.
    rf"{_HIGH}(?: \w+){{0,5}} (?:veut|va|wil|will|wants to|going to|threatens to|menace de|dreigt te|droht zu) (?:\w+ ){{0,2}}(?:sauter|springen|jump)",
    rf"(?:springt|saute|sprong|jumping|springen)(?: \w+){{0,3}} (?:van|du|von|vom|off|from)(?: \w+)? {_HIGH}",
    rf"{PERSON} (?:\w+ ){{0,6}}{_EDGE}(?: \w+){{0,2}} {_HIGH}|{_HIGH}(?: \w+){{0,3}} {PERSON} (?:\w+ ){{0,3}}{_EDGE}",
    rf"(?:mauvais|autre) cote (?:de la |du )?{_EDGE}|(?:verkeerde|andere) kant van de {_EDGE}|(?:falschen|anderen) seite (?:vom|des) {_EDGE}|wrong side of the {_EDGE}",
    r"(?:sitzt|steht|zit|staat|assise?|debout|sitting|standing) (?:\w+ ){0,3}(?:brue?ckengelae?nder|brugleuning|parapet|rambarde)",
    # Life, of somebody else.
    r"leven (?:\w+ )?voor (?:haar|hem|mij|me) (?:niet|ni) meer|schluss (?:\w+ )?mit (?:\w+ )?leben",
    r"(?:doesnt|does not|didnt|no longer) wants? to (?:live|be alive|be here any ?more)|(?:wants|wanted) to end (?:it|(?:his|her|their) life)",
)

RARE_VIOLENCE: tuple[str, ...] = (
    rf"{_BEATS} {_BAND} (?:\w+ )?{PERSON}",
    r"(?:la|le|les) (?:cogne|frappe|tabasse)|(?:slaat|stampt) (?:haar|hem|hen)(?: (?:waar|voor|vaak|weer|elke|iedere|met de|in elkaar)|$)|mishandelt (?:haar|hem|hen)",
    r"(?:verprue?gelt|misshandelt) (?:sie|ihn)|schlae?gt (?:sie|ihn)(?! vor(?:$| dass| wir| ich| zu))(?: (?:vor|oft|wieder|immer|jeden|mit)|$)|(?:hits|hitting|beats|beating) (?:her|him|them)(?! (?:at|to|in)\b)|knock\w* (?:her|him|me|them) (?:about|around)",
    rf"(?:porte|deur|tue?r|door)(?: \w+)? (?:avec|met|mit|with) (?:un|een|einem?|a) (?:\w+ )?{WEAPON}",
    r"(?:enfonc\w*|defonc\w*|coups? de pieds? (?:dans|contre)|kick\w*|smash\w*) (?:\w+ ){0,4}(?:porte|door)|(?:deur|tue?r) (?:\w+ ){0,5}(?:in te (?:stampen|trappen|beuken|slaan)|ingetrapt|ingestampt|einzutreten|aufzubrechen|eingetreten)",
)

RARE_EMERGENCY: tuple[str, ...] = (
    # Gas, carbon monoxide: many have headaches at once, something burns indoors.
    r"gas smell|smell\w* (?:\w+ ){0,2}gas|gas (?:is )?(?:leak\w*|escaping)|fuite de gaz|gasle[kc]k?|gasaustritt|gasgeruch|gasgeur|gasreuk|odeur de gaz",
    r"monoxyde|(?:kool|carbon )monoxide|kohlenmonoxid|monoxide (?:poisoning|alarm)|co ?(?:intoxication|vergiftiging|vergiftung|poisoning)|intoxication au co",
    r"(?:toute la famille|tous|toutes|hele gezin|heel het gezin|allemaal|iedereen|ganze familie|alle|whole family|everyone|everybody|we all|all of (?:us|them))(?: \w+){0,6} (?:mal (?:a la|de) tete|maux de tete|hoofdpijn|kopfweh|kopfschmerzen|headaches?)",
    rf"{_FIRE_PLACE} (?:\w+ ){{0,4}}{_INDOORS}|(?:chauff\w*|verwarm\w*|warm\w*|heiz\w*|heat\w*) (?:\w+ ){{0,5}}{_FIRE_PLACE}|(?:chauff\w*|verwarm\w*|heiz\w*|heat\w*) (?:\w+ ){{0,4}}(?:four|oven|backofen)",
    r"(?:pue|stinkt|stinks|stinking|stank|reeks) (?:\w+ ){0,3}(?:gaz|gas)|(?:barbecue|bbq|grill) (?:\w+ ){0,3}(?:living|salon|lounge|wohnzimmer|woonkamer|schlafzimmer|slaapkamer|chambre|bedroom|sitting room)",
    # A whole pack of something, all of it.
    rf"(?:plaquette|strip|packung|schachtel|boite|doos|flacon|box|bottle|pack) (?:\w+ ){{0,2}}{_CALMING}(?: \w+){{0,3}} (?:binnen|intus|geschluckt|genommen|geslikt|ingenomen|genomen)|(?:downed|swallowed|took|taken|pris|avale|gobe) (?:une |toute |tous |a |the |all )*(?:whole |entire |full |toute )?(?:strip|box|bottle|pack|packet|plaquette|boite) (?:\w+ ){{0,2}}{_CALMING}",
    # Too cold: blue lips, ice-cold, a whole night outside.
    r"(?:levres?|lippen|lips) (?:\w+ ){0,2}(?:bleue?s?|blauw|blau|blue|violettes?|paars|purple)|(?:bleue?|blauw|blau|blue) (?:\w+ ){0,3}(?:levres|lippen|lips)",
    rf"{PERSON} (?:\w+ ){{0,3}}(?:glacee?|gelee|transie?|ijskoud|verkleumd|eiskalt|durchgefroren|ice cold|stone cold|freezing cold)(?! (?:water|eau|wasser|weather|outside|draussen|buiten))",
    rf"{PERSON} (?:\w+ ){{0,3}}(?:couchee?|allongee?|assise?|ligt|zit|liegt|sitzt|lying|sitting)(?: \w+){{0,4}} (?:nuit|nacht|night|heures|uren|stunden|hours)(?: \w+){{0,2}} (?:dehors|buiten|draussen|outside)",
    rf"{PERSON} (?:\w+ ){{0,3}}(?:couchee?|allongee?|assise?|ligt|zit|liegt|sitzt|lying|sitting)(?: \w+){{0,2}} (?:dehors|buiten|draussen|outside)(?: \w+){{0,3}} (?:nuit|nacht|night|heures|uren|stunden|hours)",
    r"(?:dort|endormie?|slaapt|schlae?ft|asleep|sleeping|sleeps|couchee?|ligt|liegt|lying)(?: \w+){0,6} (?:neige|sneeuw|schnee|snow)",
    # A wire that has come down.
    rf"{_WIRE} (?:\w+ ){{0,4}}{_DOWN}|(?:ligt|liegt|hangt|haengt|tombee?|pend|fallen|hanging|lying) (?:\w+ ){{0,3}}{_WIRE}",
    # A child that is alone.
    rf"{_SMALL} (?:\w+ ){{0,5}}{_ALONE}(?: \w+){{0,8}} {_LONG}|{_SMALL} (?:\w+ ){{0,3}}{_LONG} (?:\w+ ){{0,3}}{_ALONE}",
    rf"(?:bebe|nourrisson|kleuter|peuter|baby|kleinkind|sae?ugling|toddler|infant) (?:\w+ )?(?:est|reste|is|ligt|zit|ist|liegt|left) (?:\w+ ){{0,2}}{_ALONE}|{_SMALL} (?:\w+ ){{0,3}}(?:left|laissee?|achtergelaten|zurue?ckgelassen|allein ?gelassen|alleen gelaten)(?: \w+)?(?: seule?| alone| by (?:him|her)self)",
    rf"(?:{_SMALL}|garcon|garconnet|fillette|jongen|boy|girl) (?:\w+ ){{0,6}}{_ALONE}(?: \w+){{0,5}} (?:rue|route|straat|strasse|street|road|pyjamas?|schlafanzug)|(?:boy|girl|child|toddler) (?:\w+ ){{0,2}}wander\w* (?:\w+ ){{0,4}}{_ALONE}",
    # Shut out in the cold, or shut in.
    rf"{PERSON} (?:\w+ ){{0,4}}(?:enfermee? dehors|buitengesloten|ausgesperrt|locked out)(?: \w+){{0,8}} {_COLD}",
    rf"{PERSON} (?:\w+ ){{0,4}}{_SHUT}(?: \w+){{0,3}} {_ROOM}|{PERSON} (?:\w+ ){{0,6}}{_ROOM} (?:\w+ )?(?:opgesloten|vast|eingeschlossen|eingesperrt)",
    # Insulin that was not taken.
    r"(?:oublie\w*|vergeten|vergessen|saute|manque|missed|forgot\w*|skipped|overgeslagen|ausgelassen) (?:(?!de |d )\w+ ){0,3}insuline?|insuline? (?:(?!te |af |op |zu |to )\w+ ){0,2}(?:oubliee?|vergeten|vergessen|missed|forgotten|overgeslagen|ausgelassen)(?! (?:op|af|mee|te|mit|to)\b)",
    r"(?:pas|plus|not|hasnt|havent|didnt) (?:\w+ )?(?:eu|pris|recu|fait|had|taken|got|get|injected) (?:\w+ ){0,2}insuline?|insuline? (?:niet|nicht|not) (?:\w+ )?(?:gekregen|gespoten|genomen|bekommen|gespritzt|genommen|taken)",
    # Signs of a stroke.
    r"(?:halbe|half|halve|moitie)(?: \w+){0,7} (?:gesicht\w*|face|gezicht|visage)(?: \w+){0,3} (?:numb|gelae?hmt|verlamd|paralys\w*|taub|tombe|hangt|haengt|droop\w*)",
    r"(?:mundwinkel|mondhoek|coin de la bouche|gesicht|visage|gezicht|face|mouth|mond|bouche) (?:\w+ ){0,3}(?:hangt|haengt|herunter|tombe|pend|affaisse\w*|droop\w*|dropped|paralys\w*|gelae?hmt|verlamd)|(?:hangt|haengt|tombe|pend) (?:\w+ ){0,2}(?:mundwinkel|mondhoek|mond|bouche)",
    r"(?:spricht|redet) (?:\w+ ){0,2}(?:verwaschen|undeutlich|wirr)|wartaal|lallt|slurr(?:ed|ing|s)|speech is (?:\w+ )?slurred",
    # Water that rises around somebody who cannot leave.
    r"(?:eau|water|wasser|flood\w*) (?:\w+ ){0,6}(?:kelder|cave|keller|cellar|basement|etage|gelijkvloers|erdgeschoss)(?: \w+){0,8} (?:rolstoel|chaise roulante|fauteuil roulant|rollstuhl|wheelchair|coince\w*|bloque\w*|vast|eingeschlossen|stuck|trapped)",
)
