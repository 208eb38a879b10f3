"""Whether somebody who writes is in danger: death that is wished, violence, an emergency. Pure.

A false alarm costs somebody of the team a minute, and one that is missed can cost a life: in doubt it is danger. What
people say every day ("dead tired", "mourir de faim") is none.
"""

import re
from enum import StrEnum

from quartier.conversation.understanding import own_words, plain


class Sign(StrEnum):
    """What was read."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    EMERGENCY = "emergency"


# All as `_flat` writes: small letters, no accents, words apart by one space, no apostrophes.
_EVERY_DAY = re.compile(
    r"\b(?:"
    r"(?:a )?mour\w+ (?:de|d) (?:faim|soif|rire|chaud|chaleur|froid|honte|ennui|peur|sommeil|fatigue|envie|impatience)|"
    r"je (?:me|m) (?:frapp|bat|menac)\w*|(?:qui|ce qui|ca|cela) (?:me|m) (?:a )?frapp\w*|"
    r"tap\w+ (?:sur les nerfs|dans l (?:oeil|œil))|si besoin (?:\w+ ){0,2}appel\w+|"
    r"(?:sterf|sterven|dood) van (?:de )?(?:honger|dorst|kou|slaap|lachen|warmte|verveling)|"
    r"(?:verhungern|sterbe vor \w+|vor (?:hunger|lachen|langeweile) (?:zu )?sterben|tod\w* ?mue?de)|"
    r"(?:dying|die) (?:to|for|of|from) (?:a|an|hunger|thirst|laughter|laughing|boredom|heat|embarrassment|see|know)|"
    r"(?:hit|beat|beats) me (?:up on|back|to)|"
    r"\w* ?(?:prevention|preventie|prae?vention|ligne|lijn|line|hotline|centre|centrum) (?:du |de |d |contre le )?"
    r"(?:suicide|zelfmoord|zelfdoding|suizid)|(?:suicide|suizid|selbstmord|zelfmoord) ?"
    r"(?:prevention|preventie|prae?vention|line|lijn|hotline)"
    r")\b"
)
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

_SIGNS: dict[Sign, tuple[str, ...]] = {
    Sign.SUICIDE: (
        r"suicid\w*|zelfmoord\w*|zelfdoding|selbstmord\w*|suizid\w*|lebensmue?de",
        rf"(?:{_WISH}) (?:(?!pas |plus |jamais |niet |nicht |not )\w+ )?(?:mourir|sterven|sterben|die)",
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
    ),
    Sign.VIOLENCE: (
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
    ),
    Sign.EMERGENCY: (
        r"(?:arrive|peux|peut|sais|sait) (?:plus|pas) (?:a )?respirer|(?:mal|peine|difficultes?) a respirer",
        r"respire (?:tres |si |vraiment )?(?:mal|plus|pas)|(?:mal|douleurs?) (?:a|dans) la poitrine|au secours",
        r"fai[st] un malaise|(?:reveille|reagit) (?:plus|pas)(?! avant)|convulse|convulsions?|urgence vitale",
        r"saigne (?:beaucoup|fort)|perd(?:s|u)? (?:beaucoup|plein) de sang",
        r"(?:pris|avale) trop de (?:medicaments|cachets|comprimes|pilules|somniferes)",
        r"(?:appelez|envoyez) (?:moi )?(?:vite )?(?:le 112|les secours|les pompiers|la police|une ambulance)",
        r"(?:fais|fait) (?:un infarctus|une crise cardiaque|un avc)|(?:evanouie?|inconsciente?)|perdu connaissance",
        r"(?:il y a le feu|au feu|en feu)|(?:odeur|fuite|sent|sens) (?:de |le )?gaz",
        r"tombee? (?:\w+ ){0,4}(?:peux|peut|arrive|sais|sait) (?:plus|pas) (?:\w+ ){0,2}(?:re)?lever",
        r"(?<!assurance )incendie",
        r"(?:kan|krijg) (?:ik )?(?:niet|geen)(?: goed| meer| genoeg)* (?:ademen|adem|lucht)",
        r"pijn (?:op|in) (?:de|mijn) borst|hartaanval|hartinfarct|bewusteloos|buiten bewustzijn|flauw ?gevallen",
        r"(?:ademt?|ademen) niet(?: meer)?|(?:het (?:huis )?|er )brandt|in brand|gaslek|gasgeur",
        r"(?:ruik|ruikt) (?:\w+ )?(?:naar )?gas|(?:krijgt?|doet|doe) een (?:beroerte|herseninfarct)",
        r"gevallen (?:\w+ ){0,4}niet (?:meer )?(?:recht|opstaan|overeind)\w*",
        r"(?:bekomm|krieg)(?:e|t|st)? (?:\w+ ){0,3}(?:keine|kaum|schlecht|fast keine) luft|nicht(?: mehr)? atmen",
        r"atemnot|brustschmerzen|schmerzen in (?:der|meiner|seiner|ihrer) brust",
        r"herzinfarkt|(?:ist|ha(?:t|be)) (?:\w+ ){0,3}(?:herzanfall|schlaganfall)(?! (?:gehabt|erlitten|hinter)\b)",
        r"bewusstlos\w*|ohnmae?chtig\w*",
        r"es brennt|(?:haus|wohnung|kue?che|dach) brennt|gasgeruch|gasleck|(?:riecht|rieche|stinkt) (?:\w+ ){0,3}gas",
        r"(?:gestue?rzt|gefallen|hingefallen) (?:\w+ ){0,5}nicht (?:mehr )?(?:auf|hoch)\w*",
        r"(?:cant|cannot|can not|cant really) breathe|chest pains?|pain in (?:my|the) chest|heart attack|unconscious",
        r"(?:is|s) on fire|(?:smell|smells of) gas|gas leak|fallen (?:\w+ ){0,3}(?:cant|cannot|can not) get up",
    ),
}
_PATTERNS = {
    sign: re.compile("|".join(rf"\b(?:{each})\b" for each in phrases)) for sign, phrases in _SIGNS.items()
}


def signs(text: str) -> frozenset[Sign]:
    """Which signs of danger stand in what was written, without what a mail quotes below. Never raises."""
    said = _EVERY_DAY.sub(" ", _flat(own_words(text)))
    return frozenset(sign for sign, pattern in _PATTERNS.items() if pattern.search(said))


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", plain(text)))
