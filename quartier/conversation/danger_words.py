"""Words of suicide and of violence, of oneself or of somebody else, in the four languages. Pure.

All as `danger` flattens a text: small letters, no accents, words apart by one space, no apostrophes.
"""

# ruff: noqa: E501 (a pattern stays on the line of what it says)

from quartier.conversation.emergency_words import PERSON, WEAPON

_WISH = (
    r"veux|veut|voudrais|voudrait|vais|envie de|pense a|prefere|prefererais|aimerais|souhaite|wil|wou|wilt|"
    r"will|moe?chte|wollte|wants? to|going to|wish to|ready to|like to|wish i could"
)
_THEY = (
    r"lui|elle|hem|haar|ihm|ihr|him|her|"
    r"(?:mon|ma|mijn|meinem|meiner|my) (?:\w+ )?(?:mari|fils|fille|frere|pere|compagnon|conjoint|ex|voisin|man|zoon|"
    r"dochter|broer|vader|vriend|buur\w*|mann|sohn|tochter|bruder|vater|freund|nachbar\w*|enkel|schwiegersohn|husband|son|daughter|"
    r"brother|father|boyfriend|partner|neighbour|wife|femme|vrouw|frau)"
)
_KIN = r"mari|femme|fils|fille|frere|pere|compagnon|conjoint|ex|voisin"
_NOT = r"(?! (?:pas|plus|jamais|niet|nooit|nicht|nie|not)\b)"

SUICIDE: tuple[str, ...] = (
    r"suicid\w*|zelfmoord\w*|zelfdoding|selbstmord\w*|suizid\w*|lebensmue?de",
    rf"(?:{_WISH}) (?:(?!pas |plus |jamais |niet |nicht |not )\w+ )?(?:mourir|sterven|sterben)",
    r"(?:wants?|wanted|going|wish|ready|like|prefer|rather|wanna|gonna|wish i could) (?:to )?(?:just )?die",
    r"wil (?:ik )?(?:gewoon |liever )?dood(?: ?gaan)?|liever dood(?: ?gaan)?|better off dead",
    r"mieux (?:si j etais |d etre )?morte?",
    r"(?:was|ware) ik (?:maar |al |toch )*dood|ik (?:al )?dood (?:was|ben)",
    r"(?:willen|liever) (?:sterven|dood ?gaan)",
    r"(?:veux|veut|vais|voudrais|envie de|pense a) (?:me tuer|m? ?en finir|me pendre|me noyer|me jeter)",
    r"(?:veux|veut|vais|voudrais|envie de|pense a) (?:me supprimer|me foutre en l air|disparaitre)",
    r"envie d en finir|me laisser mourir|m oter la vie|me donner la mort",
    r"en finir avec (?:la|ma) vie|mettre fin a (?:mes jours|ma vie)|me faire du mal",
    r"(?:plus|pas) (?:de |l |la |aucune )?(?:envie|force|raison) de vivre|veux plus (?:vivre|etre la)",
    r"plus envie d etre la|vie (?:ne |n en )?vaut (?:plus|pas) la peine|(?:autant|plutot) mourir",
    r"vaut (?:plus|pas) la peine de vivre",
    r"eind(?:e)? (?:maken )?aan (?:mijn|het) leven|(?:wil|kan) (?:ik )?niet (?:meer )?(?:verder )?leven",
    r"(?:mezelf|mijzelf|mij zelf) (?:\w+ )?(?:doden|ophangen|verhangen|verdrinken|aandoen|pijn doen|van kant)",
    r"(?:me|mij) (?:van kant|verhangen|ophangen|verdrinken)|er een eind(?:e)? aan (?:te )?mak\w+",
    r"uit het leven stap\w*|voor mij hoeft het niet meer",
    r"voor (?:de|een) trein (?:\w+ )?(?:spring\w*|gooi\w*|werp\w*)|levensmoe|geen zin (?:meer )?in het leven",
    r"(?:het|mijn) leven (?:\w+ )?(?:beu|moe)|zie\w* (?:ik )?het (?:\w+ )?niet meer zitten(?! om\b)",
    r"(?:mich|selbst) (?:selbst )?(?:umbringen|umzubringen|toe?ten)|bringe? mich um|mir (?:et)?was an(?:zu)?tun",
    r"nicht mehr (?:weiter ?)?leben|(?:mein|meinem) leben (?:ein ende|beenden)|keinen lebenswillen",
    r"sterben (?:will|moe?chte|wollen)|(?:will|moe?chte) (?:(?!nicht )\w+ ){1,3}(?:sterben|tot sein)",
    r"(?:lieber|besser|am liebsten|wae?re? ich) tot",
    r"(?:will|moe?chte) (?:\w+ )?nicht mehr (?:da|hier|am leben) sein",
    r"schluss machen mit (?:dem|meinem) leben|mit (?:dem|meinem) leben schluss",
    r"(?:kill|hurt|hang) myself|end (?:it all|my life)|(?:dont|do not) want to (?:live|be alive|be here any ?more)",
    r"(?:no|nothing) (?:reason )?(?:left )?to live(?: for)?",
    # Of somebody else: "he talks of killing himself", "she says that she wants to die".
    r"(?:veut|veux|voulait|voudrait|va|vas|vais|parle de|menace de|envie de|pense a) (?:se (?:tuer|pendre|jeter|noyer)|en finir)",
    r"(?:voulait|voudrait) (?:\w+ )?mourir|(?:veut|veux|vais|va|menace de) (?:\w+ )?sauter(?! (?:le|un|mon|son|ce|une|la) )",
    r"sauter (?:du|d un|par la|sous (?:le|un)) (?:pont|toit|balcon|fenetre|train|metro|immeuble|\w+ etage)",
    r"wil(?:de)? (?:\w+ )?dood(?: ?gaan)?(?! (?:gewoon|hout))|dood (?:wil|wou|wilde)|eind(?:e)? aan (?:te )?ma(?:ak|akt|ken)",
    r"(?:van|onder|voor) (?:de|het|een) (?:brug|dak|trein|balkon|metro|flat) (?:\w+ )?(?:te )?(?:spring\w*|sprong)|(?:ik|ga|wil) spring(?:en)?",
    r"(?:zichzelf|zich) (?:\w+ )?(?:doden|ophangen|verhangen|verdrinken|aandoen|van kant)|een eind aan",
    r"(?:sich|mich) (?:\w+ )?(?:umbringen|umzubringen|erhae?ngen|vor den zug|das leben nehmen|was antun|toe?ten)|bringt sich um",
    r"(?:will|wollte|wolle|mag) (?:(?!nicht |nie )\w+ ){0,2}(?:sterben|tot sein)|schluss mit (?:\w+ )?leben|tot sein",
    r"(?:von der|vom|vor (?:den|einen)|aus dem) (?:brue?cke|bruecke|dach|balkon|zug|fenster) (?:\w+ )?(?:spring\w*|stue?rz\w*)",
    r"ich spring\w*(?! (?:ein|kurz|schnell|gern))|(?:ich|er|sie) (?:will|mag|kann) (?:einfach )?nicht mehr$|leben satt",
    r"(?:kill|hurt|hang|harm|drown) (?:himself|herself|themselves)|(?:killing|hanging|harming) (?:my|him|her)self|end(?:ing)? (?:his|her|their) life|(?:wants?|wanted|going|gonna|will|ll|rather) (?:to )?(?:just )?end it",
    r"(?:going to|gonna|wants? to|about to|will) jump(?! (?:in|on the (?:bus|train)|the queue)\b)|jump(?:ed|ing)? (?:off|from|out of|in front of)",
    r"(?:be|were|was) dead(?! (?:tired|easy|on))|wanna (?:die|live no)|(?:dont|not) (?:wanna|want to) (?:live|be here|wake up)",
    r"(?:adieu|vaarwel|lebt? wohl|goodbye|farewell)(?: \w+){0,12} (?:forces?|kracht|kraft|arreter|arrete tout|stop ik|ermee|schluss|fini|pardon|vergeef|verzeih|forgive)",
    r"(?:forces?|kracht|kraft|strength|arrete tout|arreter|stop ik|ermee|schluss|ending it)(?: \w+){0,10} (?:adieu|vaarwel|lebt? wohl|goodbye|farewell)",
    r"end(?:ing)? it(?: all)? (?:tonight|today|now)|(?:manquerai|manquera) a personne|niemand (?:\w+ )?(?:mij|me) missen|niemand (?:\w+ )?mich vermissen|(?:nobody|no one) (?:\w+ )?miss me",
    r"(?:mieux|beter|besser|better)(?: \w+)? (?:sans moi|zonder mij|ohne mich|without me)|(?:un fardeau|(?:iedereen|anderen|jullie|hen|kinderen|familie) tot last|zur last|a burden)|(?:lettre d adieu|afscheidsbrief|abschiedsbrief|suicide note|goodbye letter)",
    r"(?:plus jamais|ne plus) me reveiller|(?:nooit|niet) meer wakker worden|(?:nie|nicht) mehr aufwachen|never wake up|not wake up (?:any ?more|again)|marre de (?:la vie|vivre)|tired of (?:life|living)|leven moe|fed up with (?:life|living)",
    r"passer a l acte|(?:veux|voudrais|aimerais) (?:ne )?plus (?:\w+ )?(?:exister|reveiller|etre (?:la|ici)|me reveiller)|wil (?:er )?niet meer (?:\w+ )?(?:zijn|bestaan|wakker)|(?:moet|hoop) (?:ik )?niet meer wakker|(?:hoffe|hope) (?:\w+ ){0,3}(?:not|dont|nicht) (?:\w+ )?(?:wake up|aufwach\w*)|nicht mehr existieren",
    r"(?:je suis|ik sta|sta|ich steh\w*|i am|im|standing) (?:\w+ )?(?:au bord (?:du|d un)|sur le (?:pont|toit|rebord)|op (?:de|het) (?:brug|dak|perron)|auf (?:der|dem) (?:brue?cke|dach|gleis\w*)|on the (?:bridge|roof|tracks|ledge))|veines (?:\w+ )?coupees",
    r"kracht (?:meer )?om te leven|kraft (?:mehr )?(?:zum leben|zu leben)|strength (?:left )?to live|(?:corde|touw|strop|seil|strick|rope)(?: \w+){0,6} (?:adieu|vaarwel|lebewohl|lebt wohl|goodbye|cou|nek|hals|neck)|lebewohl gesagt",
    # Wrists; a last word to everybody.
    r"(?:veines|poignets) (?:\w+ )?(?:coup|ouv|tranch)\w*|(?:coup|ouv|tranch)\w* (?:\w+ )?(?:veines|poignets)|pulsader\w*",
    r"(?:polsen|pols) (?:\w+ ){0,2}(?:over|door|open)?ge?sneden|(?:cut|slit|slashed|cutting) (?:\w+ )?wrists?",
    r"va[is]* (?:\w+ )?faire une (?:grosse )?betise|(?:ga|gaat) (?:\w+ )?(?:iets doms|een domheid) doen|(?:do|doing) something stupid|dummheit machen",
    r"(?:adieu|vaarwel|lebt? wohl|goodbye|farewell) (?:\w+ ){0,4}(?:peux plus|en peux|kan niet meer|kann nicht mehr|take it|go on|everyone|allemaal|ihr lieben|tout le monde)",
    r"(?:peux plus|kan niet meer|kann nicht mehr|cant (?:take it|go on)) (?:\w+ ){0,3}(?:adieu|vaarwel|lebt? wohl|goodbye)|cant go on(?: like this| living)?$",
    r"(?:keinen|kein|geen|no|plus (?:de|aucun)) (?:sinn|zin|point|sens) (?:mehr )?(?:zu|om te|in|a) (?:leb|live|living|viv)\w*",
    r"hoe?ft (?:niet|ni) meer voor (?:mij|me)|hoeft voor (?:mij|me) (?:niet|ni) meer",
)

VIOLENCE: tuple[str, ...] = (
    rf"(?:me|m|nous)(?: a| ont)? (?:frapp\w*|bat|battue?s?|tabass\w*|menac\w*|etrangl\w*){_NOT}",
    rf"(?:me|m|nous)(?: a| ont)? (?:viole\w?|maltrait\w*|brutalis\w*|sequestr\w*|enferm\w*){_NOT}",
    rf"(?:il|elle|on|ils|elles|{_KIN}) (?:me|m|nous)(?: a| ont)? (?:tap(?:e|ent|ait)|gifl\w*|cogn\w*){_NOT}",
    r"(?:m a|me|nous) pousse\w* dans l escalier|attouchements?",
    rf"(?:il|elle|{_KIN}) (?:est|devient) violente?",
    r"(?:va|veut|menace de|essay\w+ de|promet de) (?:me|nous) (?:tuer|frapper|battre)|coups? de (?:couteau|poing)",
    rf"(?:peur de|(?:bang|schrik) (?:van|voor)|angst vor|(?:afraid|scared|frightened) of) (?:{_THEY})",
    rf"(?:slaat|sloeg|slaan|mishandel(?:t|de)|bedreig(?:t|de|en)|verkracht\w*|schop(?:t|te)) (?:mij|me|ons){_NOT}",
    rf"(?:stampt|wurg(?:t|de)) (?:mij|me|ons){_NOT}",
    r"(?:mij|me|ons) (?:\w+ )?(?:geslagen|mishandel\w+|bedreig\w+|verkracht|aangerand|geschopt|gestampt|gewurgd)",
    r"(?:mij|me|ons) (?:\w+ )?(?:vermoorden|slaat|sloeg|wurgt|opgesloten)",
    rf"(?:schlae?gt|schlug|bedroht|misshandelt|wue?rgt|vergewaltigt|tritt) (?:mich|uns){_NOT}",
    rf"(?:ver)?prue?gelt (?:mich|uns){_NOT}|haut (?:mich|uns)(?! (?:um|nicht|nie)\b)",
    r"(?:mich|uns) (?:\w+ )?(?:geschlagen|bedroht|misshandelt|verprue?gelt|vergewaltigt|gewue?rgt|schlae?gt)",
    r"sperr(?:t|en) (?:mich|uns) (?:(?!nicht )\w+ ){0,3}ein|(?:hat|haben) (?:mich|uns) (?:\w+ ){0,2}eingesperrt",
    r"(?:hits?|beats?|hitting|beating|threatens?|threatened|strangled|choked|raped|kicks|kicked|punched) (?:me|us)",
    r"(?:he|she|they)(?: is| are| s| has)? (?:hurt|hurts|hurting|abuses|abused) me|to kill (?:me|us)",
    # Somebody else is beaten, or threatened.
    rf"(?:frappe\w*|bat|battent|tabass\w*|etrangl\w*|menac\w*|viole|maltrait\w*|agress\w*|cogn\w*|tape)(?: sur)? (?:sa|son|ses|les?|la|l|une?|leurs?) (?:\w+ )?{PERSON}(?! de )",
    rf"(?:slaat|sloeg|slaan|mishandel\w*|bedreig\w*|wurg\w*|schopt?|verkracht\w*) (?:zijn|haar|de|het|een|hun) (?:\w+ )?{PERSON}",
    rf"(?:schlae?gt|schlagen|schlug|misshandel\w*|bedroht|bedrohen|wue?rgt|prue?gelt|verprue?gelt) (?:seine?n?|ihre?n?|die|den|das|eine?n?) (?:\w+ )?{PERSON}(?! (?:\w+ ){{0,4}}vor(?! (?:den|dem|der|allen|anderen|seinen|ihren)\b))",
    rf"(?:hits?|hitting|beats?|beating|strangl\w*|threaten\w*|abus\w*|kick\w*|attack\w*|rap(?:ed|ing)) (?:up )?(?:his|her|the|their|a|an|my) (?:\w+ )?{PERSON}",
    r"etrangl\w*|(?:keel|strot) (?:\w+ )?(?:dicht\w*|toe\w*)|(?:hands?|handen) (?:\w+ ){0,2}(?:throat|neck|keel)|an der (?:kehle|gurgel)|a la gorge|gewue?rgt|gewurgd|strangl\w*",
    r"(?:va|vont|gaat|gaan|wird|werden|will|gonna|going to)(?: \w+)? (?:me|m|nous|mij|ons|mich|uns)? ?(?:frapper|battre|taper|tabasser|slaan|schlagen|verprue?geln|hit|beat|hurt)(?: (?:me|us))(?! (?:to|up))|(?:va|vont) (?:me|nous) (?:frapper|battre|taper|tabasser)|(?:gaat|gaan|zal) (?:mij|me|ons) (?:slaan|pijn doen)|(?:wird|werden) (?:mich|uns) (?:schlagen|verprue?geln)",
    rf"(?:wordt|werd|wird|wurde) (?:\w+ ){{0,2}}{PERSON} (?:geslagen|mishandeld|geschlagen|misshandelt|verprue?gelt)|{PERSON} (?:wordt|werd|wird|wurde) (?:\w+ )?(?:geslagen|mishandeld|geschlagen|misshandelt)|{PERSON} (?:is |are |was )?being (?:beaten|attacked|hit|hurt)|(?:frappe|tabasse|agresse|bat) une? {PERSON}|se fait (?:frapper|battre|agresser|tabasser)",
    r"(?:m enferme|nous enferme|sluit (?:mij|me|ons) (?:\w+ )?op|schliesst (?:mich|uns) ein|locks? (?:me|us) (?:in|up)|laisse (?:pas|plus) sortir|laat (?:mij|me) niet (?:buiten|weg|gaan)|lae?sst mich nicht (?:raus|weg|gehen)|wont let me (?:out|leave|go out))",
    r"vuistslag\w*|(?:mij|me) (?:\w+ ){0,3}(?:vuist|klap|mep|klets) (?:in|op|tegen|gegeven)|(?:mir|uns) (?:\w+ ){0,4}(?:ohrfeige|ins gesicht)(?: \w+)? ?(?:geschlagen|gehauen|gegeben)?|(?:punched|slapped|hit|kicked) me (?:in|on|against)",
    # Weapons in a hand, not in a kitchen.
    rf"{PERSON} (?:\w+ ){{0,4}}(?:avec|a|tient|sort\w*) un (?:grand |gros )?{WEAPON}|menac\w* (?:\w+ ){{0,2}}{WEAPON}",
    rf"{PERSON} (?:\w+ )?(?:met|heeft) (?:een|n) (?:groot )?{WEAPON}|{PERSON} (?:\w+ )?(?:mit|hat) (?:einem?|ein) {WEAPON}",
    rf"(?:man|mann|er|jemand) mit {WEAPON}|{PERSON} (?:\w+ )?(?:has|with|holding|pulled) a {WEAPON}|(?:with|at) (?:knife|gun) ?point",
    r"(?:peur|crains) qu (?:il|elle) (?:me|la|le|les|nous) (?:tue|frappe|batte)|(?:va|veut) (?:la|le|les|l|nous) tuer",
    r"(?:gaat|wil|zal|zou) (?:\w+ ){0,2}(?:vermoorden|doodslaan|doodsteken)|vermoordt? (?:me|mij|haar|hem|ons)",
    r"bringt (?:mich|uns|sie|ihn) (?:noch )?um(?! den\b)|(?:mich|uns|sie|ihn|seine frau) (?:noch )?(?:umbring\w*|umzubringen|abstechen|totschlagen)",
    rf"{PERSON} (?:\w+ ){{0,2}}(?:will|to|gonna) kill (?:me|us|him|her|them)",
    rf"(?:tape|cogne|frappe|klopt|timmert|slaat|ramt|prue?gelt|hae?mmert|schlae?gt|hitting|punching|beating) (?:on |up on |sur |op |auf )(?:sa|son|ses|zijn|haar|seine?n?|ihre?n?|his|her) (?:\w+ )?{PERSON}",
    rf"{PERSON} (?:\w+ ){{0,6}}(?:avec une arme|une arme (?:a|de)|met (?:een )?wapen|gewapend|mit (?:einer )?waffe|bewaffnet|with a weapon|is armed|armee? d un|outside with a)",
    r"(?:pousse\w*|jetee?|geduwd|gegooid|gesmeten|(?:runter)?gestossen|geschubst|pushed|threw|thrown) (?:\w+ ){0,3}(?:escaliers?|murs?|trap|muur|treppe|wand|stairs|wall)|(?:van de trap|tegen de muur|die treppe|gegen die wand) (?:\w+ )?(?:geduwd|gegooid|gesmeten|(?:he)?runtergestossen|gestossen|geschubst)",
    r"(?:m a|nous a|l a) agressee?|(?:ben|is|werd) (?:aangevallen|overvallen|aangerand)|(?:wurde|worden) ueberfallen|ueberfallen worden|uberfallen worden|(?:was|been|got) (?:attacked|assaulted|mugged)",
    r"(?:me suit (?:dans|depuis|partout)|achtervolgt (?:mij|me)|verfolgt mich|following me|stalk\w*)|menaces? de mort|doodsbedreiging\w*|morddrohung\w*|death threats?",
    # Somebody comes in by force.
    r"(?:essa\w+|tent\w+) (?:d |de )?(?:entrer|forcer)|force (?:ma|la) porte|cambriole(?:nt|r|urs?)",
    r"(?:binnen|in) te breken|breekt (?:hier |bij mij |nu )?(?:in|binnen)|inbrekers?|einbrecher|einzubrechen|bricht (?:\w+ ){0,3}ein",
    r"(?:break|breaking|broke) (?:in|into)|burglars?|intruder",
)
