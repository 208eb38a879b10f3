"""Words by which people tell of an emergency, their own or somebody else's, in the four languages. Pure.

All as `danger` flattens a text: small letters, no accents, words apart by one space, no apostrophes ("s eteint").
"""

# ruff: noqa: E501 (a pattern stays on the line of what it says)

# Somebody, not something: "the man does not answer", not "the bakery does not answer".
PERSON = (
    r"(?:"
    r"je|j|chu|il|elle|ils|elles|on|nous|quelqu un|madame|monsieur|mme|mr|dame|homme|femme|mari|epoux|epouse|fils|fille|"
    r"freres?|soeur|pere|mere|papa|maman|papy|mamy|mamie|papi|grand(?:s|e)? ?(?:pere|mere|parents)|beau pere|"
    r"belle mere|oncle|tante|cousine?|neveu|niece|voisine?s?|amie?s?|copine?|copain|compagnon|compagne|conjointe?|ex|coloc|colocataire|garcon|"
    r"parents|ouders|eltern|gendre|beau frere|belle soeur|beau fils|belle fille|schwager|schwae?gerin|enfants?|petite?s?|bebe|gamine?|patiente?|client|mec|type|gars|vieux|vieille|personne agee|locataire|"
    r"ik|k|hij|ze|zij|we|wij|iemand|mevrouw|meneer|madam|man|vrouw|zoon|dochter|broer|zus|vader|moeder|papa|mama|"
    r"pa|ma|opa|oma|bompa|bomma|grootvader|grootmoeder|schoon(?:vader|moeder|broer|zus)|nonkel|oom|neef|nicht|"
    r"buur|buurvrouw|buurman|buren|vriend|vriendin|partner|kind|kinderen|kindje|kleine|baby|kleinzoon|kleindochter|"
    r"persoon|patient|zoontje|dochtertje|manneke|vrouwtje|madammeke|ventje|meisje|jongen|gebuur|kotgenoot|huisgenoot|"
    r"ich|er|sie|wir|jemand|frau|herrn?|mann|sohn|tochter|bruder|schwester|vater|mutter|opa|oma|grossvater|"
    r"grossmutter|schwieger\w+|onkel|tante|nachbar\w*|freund|freundin|kind|kinder|kleiner?|enkel\w*|person|mitbewohner\w*|junge|mae?dchen|"
    r"i|im|ive|he|hes|she|shes|they|someone|somebody|mr|mrs|ms|lady|woman|husband|wife|son|daughter|brother|sister|"
    r"father|mother|dad|mum|mom|grandad|grandpa|grandma|gran|nan|grandfather|grandmother|grandson|granddaughter|"
    r"(?:father|mother|brother|sister) in law|uncle|aunt|cousin|neighbou?rs?|friend|child|kids?|children|boy|girl|"
    r"toddler|little one|tenant|resident|flatmate|roommate|housemate"
    r")"
)
# "Not" as it is typed.
_N = r"(?:niet|ni|nie|nimmer|niks|geen|nicht|nit|net|ned|nich)"
_NO = (
    r"(?:not|isnt|doesnt|wont|cant|cannot|never|stopped|no longer|cant|couldnt|hasnt|havent|arent|dont|didnt)"
)
_BODY = r"(?:bras|jambe|cote|main|arm|armen|been|benen|hand|kant|bein|beine|seite|leg|legs|side|gesicht|gezicht|face|visage)"
_FACE = r"(?:bouche|visage|mond|mondhoek|gezicht|mund|mundwinkel|gesicht|mouth|face)"
_HOME = (
    r"(?:maison|cuisine|appartement|appart|immeuble|chambre|salon|toit|cave|garage|grenier|huis|keuken|kamer|dak|kelder|"
    r"gebouw|slaapkamer|zolder|haus|wohnung|kue?che|zimmer|dach|keller|gebae?ude|house|flat|kitchen|room|roof|cellar|"
    r"building|home|apartment|basement|attic|voiture|auto|car|lit|bed|bett|matelas|gordijn\w*|rideaux?)"
)
_PILLS = (
    r"(?:medicaments?|medocs?|cachets?|comprimes?|pilules?|somniferes?|boite|plaquette|tablettes?|pillen|medicatie|"
    r"medicijnen|slaappillen|doos|strip|tabletten|medikamente|pillen|schlaftabletten|packung|schachtel|pills?|tablets?|"
    r"meds|medication|packet|bottle|sleeping pills)"
)
_POISON = (
    r"(?:javel|poison|detergent|produit (?:de |a )?\w+|acide|pile bouton|bleek\w*|vergif|gif|afwasmiddel|javelwater|"
    r"knoopcel|bleichmittel|bleiche|gift|putzmittel|reiniger|rohrreiniger|knopfzelle|bleach|button battery|antifreeze|"
    r"cleaning (?:fluid|product))"
)
_ALL = r"(?:tous|toute|tout|trop|plein|vingt|trente|al|alle|te veel|teveel|hele|heel|zu viele?|zuviele?|ganzen?|all|too many|whole|lots of|entire)"
WEAPON = r"(?:couteau|pistolet|flingue|machette|revolver|mes|pistool|machete|messer|pistole|waffe|knife|gun|machete)"
_FLOOR = r"(?:par terre|au sol|sur le (?:sol|carrelage)|op de (?:grond|vloer)|(?:am|auf dem|auf der) (?:boden|fussboden|erde)|on the (?:floor|ground))"
_NEAR = r"(?:voisine?s?|dame|monsieur|madame|mme|locataire|buur\w*|buren|mevrouw|meneer|nachbar\w*|frau|herrn?|neighbou?rs?|mrs?|lady|old man)"

EMERGENCY: tuple[str, ...] = (
    # The word itself, and who is to come.
    r"(?<!pas une )(?<!pas d )(?<!aucune )(?<!d )(?<!les )(?<!aux )urgence(?: vitale| absolue)?(?! sociale)",
    r"(?<!geen )(?<!kein )(?<!niet een )(?<!keinen )(?<!im )(?<!bij )(?<!van )(?<!fur den )(?:noodgeval|notfall)(?! (?:mehr|meer)\b)",
    r"(?<!not an )(?<!no )(?<!non )(?<!in an )(?<!case of )emergency(?! (?:number|contact)\b)",
    r"(?<!pas )(?:en danger|danger de mort)|(?<!niet )in (?:levens)?gevaar|(?<!nicht )(?<!keine )in (?:lebens)?gefahr",
    r"(?<!not )(?<!no )in danger",
    r"(?:faut|besoin (?:d|de)|appel\w+|envoy\w+|vite) (?:\w+ )?(?:ambulance|pompiers|police|secours|samu|smur|112)",
    r"(?:bel|stuur|roep) (?:\w+ ){0,2}(?:ambulance|ziekenwagen|112|politie|brandweer|hulpdiensten)",
    r"(?:ambulance|ziekenwagen|brandweer|politie|mug) nodig",
    r"(?:ruf\w*|brauch\w*|schick\w*|hol\w*) (?:\w+ ){0,3}(?:krankenwagen|rettungswagen|notarzt|feuerwehr|polizei)",
    r"(?:call|need|send|get)(?: me| us| him| her)?(?: an?| the)? (?:ambulance|police|fire brigade|paramedics|999|112)",
    # Somebody calls for help, and is heard.
    r"au secours|(?:cri\w*|hurl\w*|appel\w*) (?:\w+ ){0,2}a l aide|(?:cris? d|appels? a l )aide",
    r"entend\w* (?:\w+ ){0,4}(?:gemir|gemit|gemissements|coups|cris|hurler|hurlements)",
    r"(?:roep\w*|schreeuw\w*|gil\w*) (?:\w+ ){0,2}(?:help|hulp)|om hulp (?:te )?(?:roep|schreeuw|gil)\w*|hulpgeroep",
    r"hoo?r\w* (?:\w+ ){0,4}(?:kreun\w*|gil\w*|geschreeuw|schreeuwen|slagen|gegil|kermen)",
    r"hilferuf\w*|(?:ruf\w*|schrei\w*) (?:\w+ ){0,2}hilfe|um hilfe (?:ruf|schrei)\w*",
    r"hoe?r(?:en?|t)? (?:\w+ ){0,4}(?:stoe?hn\w*|schreien?|schlae?ge|wimmern)",
    r"(?:call|scream|shout|cry|yell)(?:ing|s|ed)? (?:out )?(?:for )?help",
    r"hear\w* (?:\w+ ){0,4}(?:scream\w*|moan\w*|groan\w*|bang(?:s|ing)? and)",
    # Does not answer, move, wake up, open.
    rf"{PERSON} (?:\w+ ){{0,5}}(?:repond|parle)(?:ent)? plus(?! (?:a|au|aux) (?:mes|ses|nos|mails?|messages?|sms|tel\w*))",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:reagit|bouge|se releve|se reveille) (?:plus|pas)(?! avant)",
    rf"(?:arrive|peux|peut|sais|reussis) (?:plus|pas) (?:\w+ )?(?:la |le |l )?reveiller (?:\w+ )?{PERSON}?",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:repond|ouvre) (?:plus|pas) (?:\w+ ){{0,4}}(?:porte|depuis|sonn\w+|volets?|courrier)",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:ouvre (?:plus|pas)|repond (?:plus|pas) (?:\w+ ){{0,3}}(?:depuis|volets?))",
    (
        rf"{PERSON} (?:\w+ ){{0,4}}(?:antwoordt?|reageert|reageer|beweegt|praat|spreekt) (?:\w+ ){{0,2}}{_N}(?: (?:meer|goed|meer op))?"
        r"(?! (?:op )?(?:mijn|de|haar|zijn|een|mails?|berichten|sms\w*|telefoon)\b)"
    ),
    rf"{PERSON} (?:\w+ ){{0,2}}(?:doet|deed) (?:\w+ ){{0,5}}{_N} open",
    rf"{_N} (?:meer )?wakker|wakker (?:te )?krijgen",
    (
        rf"{PERSON} (?:\w+ ){{0,4}}(?:antwortet|reagiert|bewegt sich|spricht) (?:(?!dass )\w+ ){{0,2}}{_N}s?(?: mehr)?"
        r"(?! (?:auf )?(?:meine|die|seine|ihre|mails?|nachrichten|whatsapp|am telefon)\b)"
    ),
    rf"{_N} (?:mehr )?(?:wach|aufwach\w*|aufgewacht)|wacht (?:\w+ ){{0,2}}{_N} (?:mehr )?auf",
    rf"{PERSON} (?:\w+ ){{0,2}}(?:macht|oe?ffnet) (?:\w+ ){{0,5}}{_N}(?: (?:mehr|auf))+",
    r"(?:auf|op) (?:nichts|niets) mehr|nergens (?:meer )?op",
    rf"{PERSON} (?:\w+ ){{0,4}}{_NO} (?:\w+ )?(?:respond\w*|react\w*|mov(?:e|es|ing)|wak(?:e|es|ing)(?: up)?)",
    rf"{PERSON} (?:\w+ ){{0,4}}{_NO} (?:\w+ )?(?:answer\w*|open\w*)(?: (?:the|her|his|their) door| any ?more| for (?:\w+ )?days?)",
    rf"{PERSON} (?:\w+ ){{0,4}}{_NO} (?:\w+ )?(?:answer\w*|open\w*)(?: \w+){{0,2}} (?:shutters|curtains|days|hear)",
    rf"neighbou?r (?:\w+ ){{0,4}}{_NO} open(?:ed|ing|s)?",
    rf"(?:cant|cannot|couldnt) (?:\w+ )?wake (?:\w+ )?{PERSON}|unresponsive|no response from (?:him|her)",
    # On the floor, cannot get up.
    rf"{PERSON} (?:\w+ ){{0,7}}(?:est|git|etendue?|couchee?|allongee?|suis|reste|ligt|lig|lag|liegt|liege|lying|is|was|s|ive been) (?:\w+ ){{0,4}}{_FLOOR}",
    rf"{PERSON} (?:\w+ ){{0,2}}(?:couchee?|allongee?|etendue?) {_FLOOR}",
    rf"(?:trouve|gevonden|vond|gefunden|fand|found|find) (?:\w+ ){{0,3}}{PERSON} (?:\w+ ){{0,3}}{_FLOOR}",
    rf"{PERSON} {_FLOOR} (?:gevonden|gefunden|trouvee?)",
    r"(?:peux|peut|arrive|arrivons|sais|sait|reussi[st]) (?:plus|pas) (?:\w+ ){0,2}(?:re)?lever|(?:se|me) releve (?:plus|pas)",
    rf"(?:kan|kunnen|geraak|geraakt|raak|raakt|kom|komt) (?:\w+ )?{_N} (?:meer )?(?:recht|overeind|opstaan|rechtstaan)",
    rf"{_N} (?:mehr |alleine? )?(?:hoch|auf)(?:stehen|kommen|gekommen)?(?: kommen)?(?<!nicht auf)(?! (?:die|den|dem|das|der|mein\w*|dies\w*|unser\w*|ihr\w*|mich|ihn|zu)\b)",
    rf"{_N} mehr auf(?! (?:die|den|dem|das|der|mein\w*|dies\w*|unser\w*|ihr\w*|mich|ihn|zu|lager)\b)",
    r"(?:cant|cannot|can not|couldnt|unable to) (?:\w+ )?(?:get|stand)(?: \w+)? up",
    # Collapsed, not conscious.
    r"fai(?:s|t|re) (?:\w+ )?malaise|evanoui\w*|s evanouir|s est effondree?|inconsciente?s?|perd\w* (?:\w+ )?connaissance",
    r"flauw ?gevallen|flauw ?vallen|onwel geworden|(?:is|wordt|ben|word) onwel|in (?:elkaar|mekaar) gez(?:akt|onken)",
    r"bewusteloos|buiten (?:bewustzijn|westen)|bewustzijn (?:verloren|kwijt)|verlies\w* (?:het )?bewustzijn",
    r"umgekippt|zusammengebrochen|kollabiert|ohnmae?cht\w*|bewusstlos\w*|bewusstsein verlor\w*|schwarz vor (?:den )?augen",
    r"collapsed|faint(?:ed|ing)|(?:going|about) to (?:faint|pass out)|pass(?:ed|ing) out|blacked out|unconscious",
    r"lo(?:st|sing) consciousness|(?:dans le|in (?:een |a )?|im )coma|(?:im|ins) koma|in koma",
    # Breath.
    r"(?:arrive|peux|peut|sais|sait) (?:plus|pas) (?:a )?(?:bien )?respirer|(?:mal|peine|difficultes?) a respirer",
    r"(?:arrive )?(?:plus|pas) a respirer|respire (?:tres |si |vraiment |presque )?(?:mal|plus|pas)|(?:j|s|il|elle) etouffe(?! de)",
    rf"(?:adem|aamt|ademt?|ademen|ademt|adem halen|lucht) (?:\w+ )?{_N}|{_N}(?: \w+){{0,2}} (?:ademen|adem|lucht)(?! maken)",
    r"(?:krijgt?|kan|heb|heeft) (?:\w+ ){0,3}(?:geen|ni|niet|nie|bijna geen|amper|moeilijk|slecht) (?:\w+ )?(?:ademen|adem|lucht)",
    r"(?:moeilijk|slecht|zwaar|amper) (?:\w+ )?(?:ademen|ademt|lucht)|ademnood|benauwd op de borst",
    r"(?:ik|hij|ze|zij|kind|baby|kleine) (?:is aan het )?stik(?:t|ken)?(?! van het lachen)",
    rf"atme[tn]? (?:\w+ ){{0,2}}(?:{_N}|schlecht|schwer|kaum)|(?:{_N}|kaum|schlecht|schwer) (?:mehr )?atmen|atemnot",
    r"(?:bekomm|krieg|hab|hat)\w* (?:\w+ ){0,3}(?:keine|kaum|kei|schlecht|fast keine|zu wenig) luft",
    r"(?:ich|er|sie|kind|baby) erstick\w*|am ersticken",
    rf"(?:{_NO}|hardly|barely|struggl\w*|trouble|difficulty|hard) (?:\w+ )?breath(?:e|es|ing)?(?! a word)",
    r"(?:im|i m|hes|shes|he s|she s) (?:chok|suffocat)ing",
    # Heart and stroke.
    rf"{_FACE} (?:\w+ ){{0,3}}(?:travers|tordue?|paralys\w*|tombante?|scheef|schief|droop\w*|verlamd|gelae?hmt)",
    rf"(?:sens|sent|bouge) (?:plus|pas) (?:\w+ )?(?:son |mon |le |la |ma |sa )?{_BODY}",
    rf"voel\w* (?:\w+ ){{0,4}}{_BODY} {_N}|{_N} (?:meer )?(?:voel|beweeg)\w* {_BODY}",
    rf"(?:spue?r\w*|beweg\w*|fuehl\w*|fuhl\w*) (?:\w+ ){{0,4}}{_BODY} {_N}",
    rf"{_NO} (?:\w+ )?(?:feel|move) (?:\w+ ){{0,2}}{_BODY}",
    r"(?:bleu|blauw|blau|blue) (?:\w+ )?(?:angelaufen|aangelopen|et|en|und|and)|(?:ziet|is|wordt|ist|wird|gone|turned|going|est tout|devient) (?:\w+ )?(?:bleue?|blauw|blau|blue)(?: angelaufen)?(?! (?:shirt|pull|jas)\b)",
    # Blood.
    r"(?:saigne\w*|hemorragie) (?:\w+ ){0,3}(?:beaucoup|fort|partout|tete|arrete|abondamment|enormement|stop)|perd\w* (?:beaucoup|plein|tellement|trop) de sang",
    r"sang (?:partout|plein)|plein de sang|mare de sang|hemorragie",
    r"bloed\w* (?:\w+ ){0,2}(?:hevig|hard|veel|fel|erg|zwaar|overal|stopt|leeg|uit)|veel bloed|overal bloed|bloed overal|bloeding",
    r"blute\w* (?:\w+ ){0,3}(?:stark|sehr|heftig|viel|kopf|aufhoe?r\w*|hoe?rt|ueberall|uberall)|viel blut|blutung|alles voller? blut|ueberall blut|uberall blut",
    r"bleed(?:s|ing)? (?:\w+ ){0,3}(?:bad\w*|heavily|lot|head|stop|everywhere|out)|lo(?:sing|st|ts? of)(?: \w+){0,3} blood|blood everywhere",
    # Fire, smoke, gas.
    r"il y a le feu|y a le feu|au feu(?! (?:rouge|vert|orange))|en feu|(?:le )?feu (?:chez|dans (?:la|le|ma|mon|l)|a la (?:cuisine|maison|cave))|prend feu|pris feu",
    rf"{_HOME} (?:\w+ ){{0,3}}(?:brulent|brule)(?! plus)|(?:en|in) flamm?(?:es|en)|(?<!assurance )incendie(?! assurance)",
    r"fumee (?:\w+ ){0,2}(?:partout|sort\w*|noire|dans|chez|epaisse|vient)|(?:plein|beaucoup|plus que) de fumee|remplie? de fumee",
    r"in brand|brand (?:bij|in|op)|er is (?:\w+ )?brand(?! geweest)|(?:het (?:huis )?|er )brandt(?! niet)|(?:brandt|brand) het (?:bij|in|hier)|woningbrand|keukenbrand",
    rf"(?:mijn|het|de|haar|zijn|t) {_HOME} (?:\w+ ){{0,2}}brandt",
    r"(?:overal|veel|dikke|zwarte|komt(?: er)?) rook|rook (?:uit|komt|overal)|vol rook|rookontwikkeling",
    rf"es brennt(?! (?:\w+ )?licht| nicht)|brennt(?: es)? (?:bei|beim|im|in der)|{_HOME} (?:\w+ ){{0,3}}brennt|feuer (?:bei|beim|im haus|in der|ausgebrochen|in meiner)",
    r"(?:kommt|viel|dichter|uberall|ueberall|schwarzer)(?: ist)?(?: \w+)? rauch|rauch (?:aus|uberall|ueberall|kommt|in (?:der|meiner)|im)|voller? rauch",
    r"(?:there is|theres|there s|is|s|caught)(?: on| a)? fire(?! (?:alarm|drill|works|place|test|sale))|on fire|fire (?:in (?:my|the|our|her|his)(?! (?:evening|morning|winter|garden|fireplace|stove))|at (?:my|the|our)|next door|upstairs|downstairs)|house fire",
    r"(?:full of|lots of|thick|black) smoke|smoke (?:everywhere|coming|pouring|is coming|in (?:my|the))",
    r"(?:odeur|fuite) de gaz|sen[st]\w* (?:\w+ ){0,3}gaz|gaslek|gasgeur|ruik\w* (?:\w+ ){0,4}gas|ruikt (?:\w+ ){0,4}gas|gas geroken",
    r"gasgeruch|gasleck|(?:riech\w*|stinkt) (?:\w+ ){0,4}gas|smell\w* (?:\w+ ){0,4}gas|gas leak",
    r"monoxyde|co alarm\w*|alarm(?:e)? co|co melder|koolstofmonoxide|koolmonoxide|kohlenmonoxid|monoxide|co vergiftiging",
    # Water, and who is caught.
    r"eau (?:\w+ ){0,3}monte(?! (?:pas|plus))|water (?:\w+ ){0,2}(?:stijgt|rising|is rising|rises)|wasser (?:\w+ ){0,2}steigt|stijgend water",
    r"(?:bloque|coince|enferme|piege)e?s? (?:\w+ ){0,2}(?:toit|cave|ascenseur|incendie|decombres|eau|flammes|inonde\w*)",
    r"(?:zit|zitten|sitzen|sitze|sind|stuck|trapped|staan) (?:\w+ ){0,2}(?:op het dak|auf dem dach|on the roof)",
    r"(?:zit|zitten|sitzt|sitzen|steckt|stecken|stuck|trapped) (?:\w+ ){0,4}(?:kelder|lift|keller|aufzug|cellar|basement|elevator) ?(?:vast|fest|en|und|and|water|wasser)",
    r"(?:im|is|are|were|hes|shes|s) trapped",
    r"se noie|se noyer|noyade|verdrink\w*|ertrink\w*|drowning",
    rf"{PERSON} (?:\w+ ){{0,3}}(?:(?:a|dans) l (?:eau|etang|canal)|dans (?:la|le) (?:riviere|canal|meuse|sambre)|in (?:het|de|den) (?:water|kanaal|vijver|rivier)|in(?:s| den| die| das)? (?:wasser|fluss|teich|kanal)) ?(?:gevallen|gefallen|tombee?)",
    rf"{PERSON} (?:\w+ ){{0,2}}tombee? (?:a l eau|dans (?:l eau|l etang|le canal|la \w+))|(?:fell|fallen|fall) in(?:to)? (?:the )?(?:water|river|canal|pond)",
    # Too much of what should not be swallowed.
    rf"(?:avale|pris|bu|ingere|gobe) (?:\w+ ){{0,3}}{_ALL} (?:\w+ ){{0,3}}{_PILLS}|avale (?:des|les) {_PILLS}|(?:avale|bu|mange) (?:\w+ ){{0,5}}{_POISON}",
    rf"{_ALL} (?:\w+ ){{0,3}}{_PILLS} (?:\w+ ){{0,2}}(?:ingenomen|geslikt|genomen|genommen|geschluckt|gepakt|opgegeten)",
    rf"(?:heb|heeft|hat|habe|hab) {_PILLS} (?:geslikt|geschluckt)|{_POISON} (?:\w+ ){{0,2}}(?:gedronken|ingeslikt|geslikt|getrunken|geschluckt|gegessen|binnen)",
    rf"(?:took|taken|swallowed|had) (?:\w+ ){{0,2}}{_ALL} (?:\w+ ){{0,3}}{_PILLS}|swallowed {_PILLS}|(?:drank|drunk|drink|swallowed|ate) (?:\w+ ){{0,2}}{_POISON}",
    r"overdos(?:e|is)|ueberdosis|uberdosis|empoisonnee?|vergiftigd|vergiftet|poisoned",
    # Fits, heat, fever.
    r"convuls\w*|crises? (?:d )?epilep\w*|epilepsie ?aanval|epileptische? (?:aanval|anfall)|epileptischen anfall|krampft|krampfanfall\w*|stuipen|stuiptrek\w*",
    r"epileptic (?:fit|attack)|(?:having|has had) (?:a|an|another) (?:\w+ )?(?:fit|seizure)|is fitting|s fitting|seizures?",
    r"(?:coup de chaleur|insolation|hitteslag|zonneslag|hitzschlag|sonnenstich|heat ?stroke|sun ?stroke)(?! (?:vermeiden|voorkomen|prevention))",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:delire|ijlt|fantasiert|deliriert|delirious)(?! de)",
    r"(?:transpire|sue) (?:plus|pas)|zweet (?:niet|ni)(?: meer)?|schwitzt nicht|(?:not|stopped) sweating",
    r"(?:confuse?|verward|verwirrt|confused) (?:\w+ ){0,2}(?:brulante?|chaude?|gloeiend|heet|warm|glue?hend|heiss|burning|hot)",
    r"(?:40|41|42) (?:\w+ )?(?:fievre|koorts|fieber|fever)|(?:fievre|koorts|fieber|fever) (?:\w+ ){0,2}(?:40|41|42)",
    # The same dangers by other words: collapsed, grey, lifeless.
    rf"{PERSON} (?:\w+ ){{0,4}}(?:ecroule|effondre)\w*|tombee? dans les pommes|inanimee?s?|inerte|leblos|levenloos|lifeless|regungslos|roerloos|motionless|reglos",
    r"(?:in elkaar|ineen|in mekaar) ?ge(?:zakt|stort|klapt|zonken)|ineengezakt|van (?:zijn|haar|mijn) (?:stokje|sus)|zusammengesackt|zusammengeklappt|weggetreten|kippt um",
    r"keeled over|slumped|passed out|(?:signes?|tekens?|signs?) (?:de vie|van leven|of life)|levensteken|lebenszeichen",
    r"(?:tout|toute|ganz|all|helemaal|ziet|lijkbleek|gone|is) (?:gris|grise|grijs|grau|grey|gray|livide|lijkbleek|blass wie)",
    r"(?:mal|douleurs?|pijn|schmerz\w*|pains?) (?:\w+ ){0,5}(?:bras gauche|linkerarm|linker arm|linken arm|left arm)",
    r"(?:coeur|hart|herz|heart) (?:\w+ ){0,2}(?:arretee?|arrete|gestopt|stil|stehen|stopped|slaat niet|schlae?gt nicht|bat plus)",
    rf"{PERSON} (?:\w+ )?(?:s )?etouffe(?! de)|{PERSON} (?:\w+ )?stik(?:t|ken)(?! van)|{PERSON} (?:\w+ )?erstick\w*|{PERSON} (?:\w+ )?(?:is |s )?(?:choking|suffocating)|avale de travers",
    r"(?:verslikt|verschluckt) (?:\w+ ){0,5}(?:adem|lucht|luft|blauw|blau)|respire (?:a peine|difficilement|bizarrement|tres vite)|(?:ademt|aamt) (?:\w+ )?(?:amper|moeilijk|zwaar|raar|nauwelijks|snel)",
    r"(?:redet|spricht|sagt) (?:nur )?(?:wirr\w*|komisch\w*|unsinn|wirres zeug|lallend)|lallt|(?:zegt|praat|spreekt|babbelt) (?:\w+ )?(?:raar|wartaal|rare dingen|dubbel|met een dubbele tong)",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:dit n importe quoi|parle (?:bizarre\w*|tout drole|de travers)|bafouille)|talk(?:s|ing) (?:nonsense|funny|gibberish)|slurr\w*|brabbelt",
    # Not seen for days.
    rf"(?:dagen|tagen) (?:\w+ ){{0,4}}(?:gezien|gehoord|gesehen|gehoe?rt)? ?(?:van |von )?(?:\w+ )?{_NEAR} (?:\w+ ){{0,3}}(?:gezien|gehoord|gesehen|gehoe?rt)",
    rf"(?:plus|pas) (?:\w+ )?(?:de nouvelles|vue?|entendue?|croisee?) (?:\w+ ){{0,2}}{_NEAR} (?:\w+ )?depuis|{_NEAR} (?:\w+ ){{0,4}}(?:pas|plus) (?:\w+ )?(?:vue?|sortie?|ouvert) (?:\w+ )?depuis",
    rf"{_NO} (?:\w+ )?(?:seen|heard from|heard) (?:\w+ )?{_NEAR} (?:\w+ ){{0,3}}(?:days|week)|(?:courrier|brievenbus|briefkasten|letterbox|mailbox|boite aux lettres) (?:\w+ ){{0,2}}(?:deborde|zit vol|puilt|quillt|ueberquillt|is overflowing|overflowing)",
    # Blood that comes up; poison; many at once.
    r"(?:vomi|crach|touss)\w* (?:\w+ )?(?:du |de )?sang|bloed (?:\w+ )?(?:over ?ge|spuw|brak|hoest|opge|ophoest)\w*|(?:spuwt|braakt|hoest) (?:\w+ )?bloed|blut (?:\w+ )?(?:erbr|spuck|gespuckt|hust)\w*|(?:erbrech|erbrich|spuck|hust)\w* (?:\w+ )?blut",
    r"(?:vomit|cough|spit|throw)\w* (?:up )?blood|gapende wonde|plaie (?:profonde|ouverte)|slagader\w*|arterie|schlagader",
    r"(?:deboucheur|ontstopper|abflussreiniger|drain cleaner|white spirit|antigel|benzine|benzin|petrol|methanol|produit de nettoyage|liquide vaisselle|ammoniaque?|ammoniak|lessive|capsule de lessive|waschmittel|wasmiddel) (?:\w+ ){0,3}(?:bu|avale|gedronken|ingeslikt|binnengekregen|opgegeten|getrunken|geschluckt)",
    r"(?:bu|avale|drank|drunk|swallowed) (?:\w+ ){0,3}(?:deboucheur|white spirit|antigel|essence|methanol|produit|liquide vaisselle|ammoniaque?|lessive|drain cleaner|petrol|detergent|washing (?:powder|liquid)|capsule)",
    rf"(?:pris|avale|gobe|took|taken|swallowed) (?:\w+ )?(?:1\d|[2-9]\d|1\d\d) (?:\w+ )?{_PILLS}|(?:1\d|[2-9]\d|1\d\d) {_PILLS} (?:\w+ ){{0,3}}(?:genomen|geslikt|gepakt|ingenomen|genommen|geschluckt)",
    r"(?:mauvais|verkeerde|falschen?|wrong) (?:medicaments?|pillen|tabletten|medicatie|pills?|medication) (?:\w+ )?(?:pris|genomen|genommen|geslikt)|(?:took|taken) the wrong (?:pills?|medication|tablets)",
    r"champignons? (?:veneneux|toxiques?)|electrocut\w*|geelektrocuteerd|stromschlag|elektrocutie|electric shock|anaphyla\w*|choc allergique|allergische schok|allergischer schock",
    r"(?:langue|gorge|tong|keel|zunge|hals|tongue|throat) (?:\w+ ){0,2}(?:gonfl\w*|zwelt|gezwollen|schwillt|geschwollen|swell\w*|swollen)|hypoglycemie|unterzuckert|hypotherm\w*|onderkoeld|unterkue?hlt",
    # What keeps somebody alive fails.
    r"(?:oxygene|zuurstof\w*|sauerstoff\w*|oxygen\w*|respirateur|beademing\w*|beatmung\w*|ventilator machine) (?:\w+ ){0,4}(?:vide|panne|plus|fini|bientot|op|leeg|leer|kaputt|alle|out|empty|stopped|off|uit|aus|werkt niet|faellt aus|fae?llt aus)",
    r"(?:plus|sans|manque|bientot plus|geen|zonder|kein|keinen|ohne|no|without|out of|running out of) (?:\w+ )?(?:d )?(?:oxygene|zuurstof|sauerstoff|oxygen|insuline?)",
    # Birth, accidents, somebody missing.
    r"perdu les eaux|en train d accoucher|elle accouche|(?:vliezen|water) (?:zijn )?gebroken|aan het bevallen|fruchtblase|kind kommt jetzt|waters? (?:has |have )?brok\w*|in labou?r|baby is coming",
    r"renversee? par|accident (?:de (?:voiture|velo|moto)|grave)|aangereden|overreden|angefahren|ueberfahren|hit by a (?:car|bus|tram|bike)|run over|verkehrsunfall|car crash",
    r"(?:enfant|fils|fille|mere|pere|mari|femme|petit|petite|grand mere|grand pere|papa|maman|bebe) (?:\w+ ){0,3}(?:disparue?|introuvable|fugue)|(?:kind|zoon|dochter|vader|moeder|man|vrouw|opa|oma) (?:\w+ ){0,3}(?:vermist|verdwenen|weggelopen|spoorloos)",
    r"(?:kind|sohn|tochter|vater|mutter|mann|frau|opa|oma) (?:\w+ ){0,3}(?:verschwunden|vermisst|weggelaufen)|(?:child|son|daughter|father|mother|dad|mum|husband|wife|grandad|gran) (?:\w+ ){0,3}(?:missing|disappeared|wandered off)",
    r"(?:enfant|bebe|kind|baby|child|kid|toddler) (?:\w+ ){0,4}(?:enfermee?|opgesloten|eingesperrt|locked) (?:\w+ ){0,3}(?:voiture|auto|car)|(?:enfant|bebe|kind|baby|child) (?:\w+ ){0,3}(?:seule?|alleen|alone|allein) (?:\w+ ){0,2}(?:voiture|auto|car|balkon|balcon)",
    # Fire and water by other words.
    r"flamm?es|vlammen|flammen|flames|(?:fumee|rook|rauch|smoke) noire|(?:zwarte|schwarze[rn]?|black) (?:rook|rauch|smoke)",
    r"(?:brule|brennt|brandt|burning)(?: \w+){0,2} (?:couloir|hall|escaliers?|etage|palier|prise|gang|hal|trap\w*|verdieping|stopcontact|hausflur|flur|treppenhaus|steckdose|stock|hallway|stairs|staircase|floor|socket|fuse box)",
    r"(?:co|fumee|rook|rauch|smoke|gas|gaz|feu|brand|fire)(?: ?(?:alarme?|melder|detector|detecteur|alarm))? (?:\w+ ){0,2}(?:sonne|bipe|hurle|piept|gaat af|loeit|geht los|schlae?gt an|is going off|going off|beeping|goes off)",
    r"(?:rook|rauch|brand)melder (?:\w+ ){0,2}(?:gaat|piept|loeit|geht|schlae?gt)|detecteur (?:\w+ ){0,3}(?:sonne|bipe)|explos\w*|ontplof\w*",
    r"(?:eau|water|wasser) (?:\w+ ){0,7}(?:monte|stijgt|steigt|rising|rises|komt binnen|dringt ein|entre partout|coming in)(?! (?:pas|plus|niet|nicht|not))",
    r"(?:effondr|ecroul|ingestort|eingestue?rzt|collaps)\w* (?:\w+ ){0,3}(?:mur|toit|plafond|muur|dak|plafond|wand|dach|decke|wall|roof|ceiling)|(?:mur|toit|plafond|muur|dak|wand|dach|decke|wall|roof|ceiling) (?:\w+ ){0,2}(?:effondr|ecroul|ingestort|eingestue?rzt|collaps)\w*",
    # And by more: each line holds one danger in the four languages.
    r"(?:mon|ma|mijn|ons|onze|mein|meine|my) \w+ (?:s )?(?:etouffe|stikt|erstickt|is choking|saigne|blutet stark)(?! de)|tail\w* (?:\w+ )?les veines|aufgeschlitzt|slashed|opengesneden|taillade\w*",
    r"(?:tiens|tient|tenir) plus (?:debout|sur)|niet meer (?:op (?:\w+ )?benen )?staan|nicht mehr (?:auf den beinen )?stehen|cant (?:even )?stand(?: up)?(?! (?:it|the|him|her|this|that))|legs (?:gave way|wont hold)",
    r"(?:vois?t?|zien?|zie[tn]?|seh\w*|sieht|seeing|vision) (?:\w+ ){0,2}(?:flou|trouble|double|wazig|dubbel|verschwommen|doppelt|blurr\w*|double)|blurr(?:y|ed)",
    r"elle (?:\w+ ){0,2}sait (?:plus|pas) ou elle est|il (?:\w+ ){0,2}sait (?:plus|pas) ou il est|ze weet (?:niet|ni) (?:meer )?waar ze is|hij weet (?:niet|ni) (?:meer )?waar hij is|sie weiss nicht (?:mehr )?wo sie ist|er weiss nicht (?:mehr )?wo er ist|(?:she|he) (?:\w+ )?know where s?he is",
    r"(?:peau|huid|vel|haut|skin) (?:\w+ ){0,3}(?:brul\w*|gloei\w*|glue?h\w*|burning|bleue?|blauw|blau|blue)|thorax|borstkas|brustkorb|(?:druk|druck|pression|pressure) (?:\w+ ){0,3}(?:borst|brust|poitrine|chest)",
    rf"{PERSON} (?:\w+ ){{0,2}}(?:fait|krijgt|heeft|hat|bekommt|having|has) (?:\w+ ){{0,4}}(?:attaque|attack|attacks|anfall|aanval|crise)(?! (?:de (?:rire|nerfs|foie|panique)|kuchen))",
    r"(?:sent|sens|odeur de) (?:\w+ ){0,2}(?:brule|cramee?|roussi)|(?:ruikt|stinkt|geur) (?:\w+ ){0,2}(?:verbrand|brand|rook)|brandgeruch|riecht (?:\w+ ){0,2}(?:verbrannt\w*|rauch|verschmort)|verbrande geur|smell\w* (?:\w+ ){0,2}(?:burning|smoke)|burning smell",
    r"(?:tele|telly|tv|fernseher|prise|stopcontact|steckdose|socket|four|oven|ofen|friteuse|frietketel|fritteuse|fryer|machine|waschmaschine|wasmachine|batterie|batterij|akku|laptop|poele|pan|pfanne|wok|trottinette|step) (?:(?!a )\w+ ){0,2}(?:fume|brule|rookt|brandt|qualmt|raucht|brennt|smoking|burning|fire)",
    r"(?:oxygene|zuurstof\w*|sauerstoff\w*|oxygen\w*) (?:\w+ ){0,6}(?:arret\w*|marche|fonctionne|uitgevallen|ausgefallen|failed|stopped|alarm\w*)",
    r"(?:bebe|baby|enfant|kind|kindje|child|toddler|zoontje|dochtertje|petit|petite|kleine|kleiner|fils|fille) (?:\w+ ){0,2}(?:avale|ingeslikt|verschluckt|swallowed)|(?:bebe|baby|enfant|kind|kindje|zoontje|kleine|kleiner) (?:\w+ ){0,4}(?:ingeslikt|verschluckt)",
    r"(?:bu|avale|drank|drunk|swallowed) (?:\w+ ){0,5}(?:cleaner|nettoy\w*|toilettes?|wc|vaisselle|bleach|desinfect\w*)|(?:wc|toilet\w*|reiniger|schoonmaak\w*|afwas\w*|desinf\w*|putz\w*)(?: \w+){0,3} (?:(?:op|uit|aus)?gedronken|(?:aus)?getrunken|geschluckt)",
    r"(?:rode|rodent|prowl\w*|sluipt|schleicht)(?: \w+){0,2} (?:autour|devant|dans|herum|rond|around|um|outside|and|et|en|und)|(?:essa\w+|prober\w+|proberen|probeert|versucht|trying|tries)(?: \w+){0,3} (?:ouvrir|forcer|entrer|get in|open|aufzumachen|reinzukommen|binnen te)|(?:deur|tue?r|porte) (?:\w+ )?(?:probeert|aufmachen|aufbrechen|eintreten|opendoen|open te doen)",
    r"(?:coincee?|bloquee?|vast|stuck|fest) (?:\w+ ){0,4}(?:baignoire|bain|badkuip|bad|bath\w*|badewanne|douche|dusche|shower|toilettes|wc|toilet)|(?:badewanne|bad|badkuip|dusche|toilette|wc) (?:\w+ )?(?:fest|vast)",
    r"(?:eau|water|wasser) (?:\w+ ){0,6}(?:rentre|entre|binnen|rein|herein|sous la porte|under the door|onder de deur|unter der tue?r)|(?:inonde|overstroomd|ueberschwemmt|flooded|flooding)(?: \w+){0,4} (?:bloque|coince|vast|fest|stuck|lit|bed|bett|wheelchair)",
    r"decharge electrique|elektrische schok|(?:stroom|strom) (?:gekregen|bekommen)|stromschlag|(?:toestel|appareil) (?:\w+ ){0,2}respir\w*",
    r"(?:brulee?s?|verbrand|verbrannt|burn(?:ed|t)) (?:\w+ ){0,4}(?:bouillante?|kokend\w*|kochend\w*|boiling|huile|olie|heissem|frituurvet)|(?:bouillante?|kokend\w*|kochend\w*|boiling) (?:\w+ ){0,2}(?:brulee?|verbrand|verbrannt)|ebouillant\w*|verbrue?ht|scalded",
    r"(?:39 [5-9]|4[0-2])(?: \d)? (?:\w+ )?(?:fievre|koorts|fieber|fever)|(?:fievre|koorts|fieber|fever) (?:\w+ ){0,2}(?:39 [5-9]|4[0-2])|adem (?:\w+ )?(?:moeilijk|zwaar|slecht)|breathing (?:\w+ )?(?:hard|difficult|heavy|heavily|fast|shallow|badly)",
    rf"{_BODY} (?:\w+ ){{0,2}}(?:beweegt|bewegt|bouge) (?:\w+ )?(?:{_N}|plus|pas)|{_BODY} {_NO} (?:\w+ )?move|(?:ce matin|cette nuit|aujourdhui|vanmorgen|vandaag|vannacht|heute|this morning|today|just|net|gerade|vient) (?:\w+ ){{0,4}}(?:avc|infarctus|beroerte|infarct|schlaganfall|herzinfarkt|stroke|heart attack)|(?:avc|infarctus|beroerte|infarct|schlaganfall|herzinfarkt|stroke|heart attack) (?:\w+ ){{0,2}}(?:ce matin|cette nuit|aujourdhui|vanmorgen|vandaag|vannacht|heute|this morning|today)",
    r"feuer im (?!kamin|ofen|garten|herd|grill)\w+|fire in the (?:stairwell|stairs|building|cellar|bin)|(?:ruft|schreit|roept|calling|appelle) (?:\w+ ){0,6}(?:um hilfe|om hulp|for help|a l aide|au secours)",
    # Somebody seems dead.
    rf"(?:crois|pense|dirait|semble|peur|denk|lijkt|glaub\w*|denke|scheint|think|seems|looks|afraid) (?:\w+ )?(?:\w+ )?{PERSON} (?:\w+ ){{0,2}}(?:mort|morte|dood|tot|dead|decede\w*)",
    rf"{PERSON} (?:est|etait|is|ist|s) (?:mort|morte|dood|tot|dead) (?:je crois|je pense|denk|glaub\w*|i think)|(?:shes|hes) dead",
    r"(?:trouve\w* (?:\w+ )?morte?|dood (?:gevonden|aangetroffen)|tot (?:aufgefunden|gefunden)|found (?:\w+ )?dead)",
)

# Who fell, or whose heart hurts, needs somebody now, unless it is told as what was long ago (`LONG_AGO`).
RECENT: tuple[str, ...] = (
    rf"{PERSON} (?:\w+ ){{0,3}}(?:glissee?|trebuche|uitgegleden|uitgeschoven|gestruikeld|ausgerutscht|gestolpert|slipped|tripped)(?! (?:dans|in) (?:la|le|the|der|de) (?:boite|letterbox|bus|briefkasten))",
    r"^(?:\w+ )?(?:glissee?|uitgegleden|uitgeschoven|ausgerutscht|slipped)|(?:glissee?|uitgegleden|ausgerutscht|slipped) (?:\w+ ){0,3}(?:douche|baignoire|dusche|shower|bad|bath\w*|escaliers?|trap|treppe|stairs)",
    r"(?:hanche|jambe|bras|poignet|cheville|femur|heup|been|arm|pols|enkel|hue?fte|bein|handgelenk|kno?e?chel|hip|leg|wrist|ankle) (?:\w+ ){0,2}(?:cassee?|fracturee?|gebroken|gebrochen|broken)|(?:casse|fracture|broke|broken) (?:\w+ )?(?:la |le |son |sa |my |her |his )?(?:hanche|jambe|bras|poignet|cheville|hip|leg|arm|wrist|ankle)",
    r"(?:mal|douleurs?|serre|pression|brule|poids) (?:\w+ ){0,3}poitrine|poitrine (?:\w+ ){0,2}(?:serre|mal|brule)",
    r"pijn (?:\w+ ){0,3}(?:borst|borstkas)|pijn op (?:de|zijn|haar) borst|borst (?:\w+ ){0,2}pijn|druk op (?:de|mijn|zijn|haar) borst",
    r"brustschmerz\w*|brustweh|(?:schmerz\w*|druck|weh|stechen) (?:\w+ ){0,3}brust|brust (?:\w+ ){0,2}(?:weh|schmerz\w*|eng)",
    r"chest (?:pains?|hurts|is tight|tightness|pressure)|(?:pains?|tight\w*|pressure|crushing) (?:\w+ ){0,3}chest",
    r"(?:fai[st]|faire|fait il) (?:\w+ )?(?:infarctus|crise cardiaque|avc|attaque|arret cardiaque)|crise cardiaque(?! (?:il|en|l))",
    r"hartaanval|hartinfarct|hartstilstand|(?:heb|heeft|krijgt?|doet?) (?:\w+ )?(?:infarct|beroerte|herseninfarct|hersenbloeding|attaque)(?! gehad)",
    r"herzinfarkt|(?:ist|ha(?:t|be?)|bekommt) (?:\w+ ){0,3}(?:herzanfall|schlaganfall|infarkt|hirnblutung)(?! (?:gehabt|erlitten|hinter)\b)",
    r"heart attack|having (?:a|another) (?:stroke|heart)|cardiac arrest|(?:is|s|hes|shes) having a stroke",
    (
        rf"{PERSON} (?:\w+ ){{0,4}}(?:suis|est|etait|chu|sont) (?:\w+ )?tombee?s?"
        r"(?! (?:sur (?:votre|vos|ton|le site|l annonce|une?|ce|cet|cette)|malades?|enceinte|en panne|amoureu\w+|daccord|"
        r"a court|bien|mal|de (?:sommeil|fatigue|haut)|endormi\w*|dans le panneau|un (?:lundi|mardi|jeudi)|le)\b)"
    ),
    r"(?:chu|je suis|j ai|elle|il) tombee?s?(?! (?:\w+ )?(?:daccord|sur (?:votre|vos|ton|le site|l annonce|une?)|malades?|enceinte|en panne))",
    r"tombee?s? (?:\w+ ){0,3}(?:escaliers?|douche|baignoire|salle de bains?|toilettes|echelle)|(?:fait|fai) (?:une )?(?:mauvaise |grosse |vilaine )?chute",
    rf"{PERSON} (?:\w+ ){{0,3}}(?:is|ben|was|kben|zijn) (?:(?!panne |stil |slaap |mee |akkoord )\w+ ){{0,4}}gevallen(?! (?:voor|op u|tegen))",
    r"(?:^|\b(?:ik|kben|ben|hij|ze|zij) )(?:ben |is )?gevallen (?:\w+ ){0,2}(?:in de|op|van|en|help)|van de (?:trap|ladder|stoel) (?:\w+ )?gevallen|lelijk gevallen",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:ist|bin|war) (?:\w+ ){{0,4}}(?:gestue?rzt|hingefallen|umgefallen|runtergefallen|gefallen)(?! (?:lassen))",
    r"bin (?:\w+ ){0,3}(?:gestue?rzt|hingefallen|gefallen)|ist (?:\w+ ){0,2}(?:gestue?rzt|hingefallen)|treppe (?:\w+ )?(?:(?:he)?runter ?)?(?:gefallen|gestue?rzt)|hingefallen",
    rf"{PERSON} (?:\w+ ){{0,4}}(?:has|have|had|ve|s|ive|hes|shes|just) (?:\w+ )?(?:fallen|fell)(?! (?:asleep|in love|ill|behind|out|for|apart))",
    r"(?:ive|hes|shes) fallen(?! (?:asleep|in love|ill|behind|out|for))|had a (?:bad |nasty )?fall",
    r"^fell (?:down|off|over|in|on)|(?:fell|fallen|falling) (?:down|off) (?:the|my|a|her|his) (?:stairs?|steps|ladder|bed|chair)",
    rf"{PERSON} (?:\w+ )?(?:fell|fallen) (?!out over)(?:\w+ )?(?:down|over|off|in the (?:bath\w*|shower|kitchen|garden|street|hall\w*)|on the|out of|and|badly|hes|shes|help|cant)",
)
LONG_AGO = (
    r"(?:l )?(?:an|annee|hiver|ete|printemps|automne|mois|semaine) (?:passee?|derniere?)|il y a (?:\w+ )?(?:ans?|mois|"
    r"semaines?|annees?|longtemps)|(?:vorige?|verleden|afgelopen) (?:week|maand|jaar|winter|zomer|herfst|lente)|"
    r"(?:jaar|maanden?|weken|week|lang) geleden|letzte[nrs]? (?:jahr|monat|woche|winter|sommer|herbst)|"
    r"(?:19|20)\d\d|hatte|had a (?:stroke|heart)|j ai eu|a eu|vor (?:\w+ )?(?:jahren?|monat\w*|wochen?)|last (?:year|month|week|winter|summer|spring|autumn)|"
    r"(?:years?|months?|weeks?) ago"
)
# The whole text is a call for help: "HELP", "à l'aide vite". "Help me with the washing" is none.
CRY = (
    r"(?:(?:help|help help|helpt|hulp|hilfe|aide|a l aide|aidez|secours|sos|feuer|brand|au feu|fire)"
    r"(?: (?:moi|nous|vite|svp|s il vous plait|mij|me|ons|us|snel|alstublieft|alsjeblieft|aub|schnell|bitte|please|pls|"
    r"quick|quickly|now|mir|uns|maintenant|urgent|dringend))*\s?)+|(?:hilf|helft|helfen sie) (?:mir|uns)(?: \w+){0,2}"
)
