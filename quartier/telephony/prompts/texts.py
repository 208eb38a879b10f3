"""What the line says, in four languages side by side. Spoken, not shown: numbers are in words, since a machine reads
digits as it likes; the key comes after the choice; nobody is thanked for patience, and nothing is promised that
somebody else decides (docs/voice.md).

A group can record each of `RECORDABLE` in its own voice.
"""

from quartier.telephony.prompts.failure_texts import FAILURE_TEXTS
from quartier.telephony.prompts.said import Said

LANGUAGES = Said._fields

TEXTS: dict[str, Said] = {
    **FAILURE_TEXTS,
    # Before anything else.
    "emergency": Said(
        "En cas de danger, appelez le cent douze.",
        "Bij gevaar, bel één één twee.",
        "Bei Gefahr den Notruf eins eins zwei wählen.",
        "In an emergency, dial one one two.",
    ),
    # The same for those of another language, who wait for it: in few words.
    "emergency_short": Said(
        "Danger, le cent douze.",
        "Gevaar, één één twee.",
        "Notruf eins eins zwei.",
        "Emergency, one one two.",
    ),
    # Who answers.
    "here": Said("{name}.", "{name}.", "{name}.", "{name}."),
    "language_key": Said(
        "Pour le français, tapez {key}.",
        "Nederlands, druk {key}.",
        "Für Deutsch drücken Sie die {key}.",
        "For English, press {key}.",
    ),
    # The same for those of another language.
    "language_short": Said(
        "Français, {key}.",
        "Nederlands, {key}.",
        "Deutsch, {key}.",
        "English, {key}.",
    ),
    # After the keys: whoever presses none is put through all the same.
    "or_wait": Said(
        "Ou attendez simplement.",
        "Of wacht gewoon.",
        "Oder bitte warten.",
        "Or simply wait.",
    ),
    # Instead of the keys, where there is one language.
    "stay": Said(
        "Restez en ligne.",
        "Blijf aan de lijn.",
        "Bleiben Sie am Apparat.",
        "Stay on the line.",
    ),
    "closed": Said(
        "Notre ligne est fermée.",
        "We zijn nu gesloten.",
        "Wir haben jetzt geschlossen.",
        "Our line is closed now.",
    ),
    "hours": Said(
        "D'habitude, elle est ouverte de {opens} à {closes}.",
        "Gewoonlijk is ze open van {opens} tot {closes}.",
        "In der Regel erreichen Sie uns von {opens} bis {closes}.",
        "It is usually open from {opens} to {closes}.",
    ),
    "closed_ring_back": Said(
        "Pour être rappelé, tapez un.",
        "Om teruggebeld te worden, druk één.",
        "Für einen Rückruf drücken Sie die Eins.",
        "To be called back, press one.",
    ),
    # To whom no call can be promised: without a number, or with one that we may not dial.
    "only_message": Said(
        "Vous pouvez laisser un message.",
        "U kunt een bericht inspreken.",
        "Sie können eine Nachricht hinterlassen.",
        "You can leave a message.",
    ),
    # Both for those of another language.
    "ring_back_short": Said(
        "Rappel, un.",
        "Terugbellen, één.",
        "Rückruf, eins.",
        "Call back, one.",
    ),
    "message_short": Said(
        "Message, après le signal.",
        "Bericht, na de toon.",
        "Nachricht, nach dem Ton.",
        "Message, after the tone.",
    ),
    # The line is open, and nobody is on shift.
    "nobody_here": Said(
        "Personne n'est là maintenant.",
        "Er is nu niemand.",
        "Gerade ist niemand da.",
        "No one is here now.",
    ),
    # To a mobile that we can write to.
    "write_key": Said(
        "Pour nous écrire par SMS, tapez sept.",
        "Om ons een sms te sturen, druk zeven.",
        "Um uns per SMS zu schreiben, drücken Sie die Sieben.",
        "To write to us by text, press seven.",
    ),
    "we_write": Said(
        "Nous vous envoyons un SMS. Répondez-y par écrit. Au revoir.",
        "We sturen u een sms. Antwoord daarop met een bericht. Tot ziens.",
        "Wir schicken Ihnen eine SMS. Antworten Sie einfach darauf. Auf Wiederhören.",
        "We are sending you a text. Reply to it in writing. Goodbye.",
    ),
    "wait": Said(
        "Nous cherchons quelqu'un pour vous répondre.",
        "We zoeken iemand om u te woord te staan.",
        "Wir suchen jemanden, der mit Ihnen spricht.",
        "We are finding someone to talk to you.",
    ),
    "still": Said(
        "Nous cherchons encore quelqu'un pour vous répondre.",
        "We zoeken nog altijd iemand om u te woord te staan.",
        "Wir suchen weiter jemanden, der mit Ihnen spricht.",
        "We are still finding someone to talk to you.",
    ),
    "sorry_wait": Said(
        "La communication s'est coupée de notre côté. Nous cherchons tout de suite quelqu'un d'autre.",
        "De verbinding is bij ons weggevallen. We zoeken meteen iemand anders.",
        "Die Verbindung ist auf unserer Seite abgebrochen. Wir suchen sofort jemand anderen.",
        "The call dropped at our end. We are finding someone else now.",
    ),
    "ring_back": Said(
        "Pour être rappelé sans perdre votre place, tapez un.",
        "Om teruggebeld te worden zonder uw plaats te verliezen, druk één.",
        "Für einen Rückruf, ohne Ihren Platz zu verlieren, drücken Sie die Eins.",
        "To be called back without losing your place, press one.",
    ),
    # While they wait, where no call can be promised.
    "message_key": Said(
        "Pour laisser un message, tapez trois.",
        "Om een bericht in te spreken, druk drie.",
        "Um eine Nachricht zu hinterlassen, drücken Sie die Drei.",
        "To leave a message, press three.",
    ),
    "hold": Said(
        "Un instant, restez en ligne.",
        "Een ogenblik, blijf aan de lijn.",
        "Einen Augenblick, bleiben Sie am Apparat.",
        "One moment, stay on the line.",
    ),
    "leave_message": Said(
        "Après le signal, dites votre nom et ce dont vous avez besoin.",
        "Zeg na de toon uw naam en wat u nodig hebt.",
        "Sagen Sie uns nach dem Ton Ihren Namen und was Sie brauchen.",
        "After the tone, say your name and what you need.",
    ),
    "leave_message_number": Said(
        "Après le signal, dites votre nom, votre numéro et ce dont vous avez besoin.",
        "Zeg na de toon uw naam, uw nummer en wat u nodig hebt.",
        "Sagen Sie uns nach dem Ton Ihren Namen, Ihre Nummer und was Sie brauchen.",
        "After the tone, say your name, your number and what you need.",
    ),
    # Who is worried about somebody. "Concern" is no word that is said on the phone.
    "concern_key": Said(
        "Si quelque chose vous inquiète, tapez neuf.",
        "Maakt u zich zorgen over iets, druk negen.",
        "Wenn Ihnen etwas Sorgen macht, drücken Sie die Neun.",
        "If you are worried about someone, or something feels wrong, press nine.",
    ),
    "concern_queue": Said(
        "Nous cherchons tout de suite quelqu'un pour vous écouter. Vous passez en premier. Nous ne disons "
        "rien à la personne dont vous parlez. Pour laisser un message, tapez trois.",
        "We zoeken meteen iemand die naar u luistert. U gaat voor. We zeggen niets tegen de persoon over "
        "wie u spreekt. Om een bericht in te spreken, druk drie.",
        "Wir suchen sofort jemanden, der Ihnen zuhört. Sie sind als Nächstes an der Reihe. Der Person, um die "
        "es geht, sagen wir nichts. Um eine Nachricht zu hinterlassen, drücken Sie die Drei.",
        "You are next in the queue: we are finding someone to talk to you. We will not tell the person you "
        "are calling about. To leave a message, press three.",
    ),
    "concern_message": Said(
        "Après le signal, dites ce qui vous inquiète et de qui il s'agit. Dites aussi votre nom et votre numéro, si "
        "vous voulez que nous vous rappelions. La personne dont vous parlez n'entendra pas ce message.",
        "Zeg na de toon waarover u zich zorgen maakt en over wie het gaat. Zeg ook uw naam en uw nummer, als u wilt "
        "dat we u terugbellen. De persoon over wie u spreekt, krijgt dit niet te horen.",
        "Sagen Sie nach dem Ton, was Ihnen Sorgen macht und um wen es geht. Nennen Sie auch Ihren Namen und Ihre "
        "Nummer, wenn wir Sie zurückrufen sollen. Die Person, um die es geht, bekommt das nicht zu hören.",
        "After the tone, say what worries you and who it is about. Say your name and your number too, if "
        "you would like us to call you back. The person it is about will not hear it.",
    ),
    # To whom we do not know, after the above in the likeliest language.
    "concern_message_short": Said(
        "Dites après le signal ce qui vous inquiète.",
        "Zeg na de toon waarover u zich zorgen maakt.",
        "Sagen Sie nach dem Ton, was Ihnen Sorgen macht.",
        "After the tone, say what worries you.",
    ),
    "we_call_back": Said(
        "C'est noté. Nous vous rappelons au numéro d'où vous appelez. Vous pouvez raccrocher.",
        "Dat is genoteerd. We bellen u terug op het nummer waarmee u nu belt. U mag ophangen.",
        "Wir haben es notiert. Wir rufen Sie unter der Nummer zurück, von der Sie anrufen. Sie können jetzt auflegen.",
        "We have made a note of it. We will call you back on the number you are calling from. You can hang up.",
    ),
    "trouble": Said(
        "Nous avons une panne. Nous vous rappelons au numéro d'où vous appelez.",
        "We hebben een panne. We bellen u terug op het nummer waarmee u nu belt.",
        "Bei uns gibt es eine technische Störung. Wir rufen Sie unter der Nummer zurück, von der Sie anrufen.",
        "We have a fault and no one can take your call. We will call you back on the number you are "
        "calling from.",
    ),
    "trouble_short": Said(
        "Nous avons une panne. Nous vous rappelons.",
        "We hebben een panne. We bellen u terug.",
        "Bei uns gibt es eine technische Störung. Wir rufen Sie zurück.",
        "We have a fault and no one can take your call. We will call you back.",
    ),
    # To an operator on an own phone, in the language of who calls.
    "accept": Said(
        "Appel en français.", "Oproep in het Nederlands.", "Anruf auf Deutsch.", "Call in English."
    ),
    "accept_key": Said(
        "Pour le prendre, tapez un.",
        "Om op te nemen, druk één.",
        "Um ihn anzunehmen, drücken Sie die Eins.",
        "To take it, press one.",
    ),
    "moment": Said(
        "Un instant, la communication avec l'autre personne est coupée. Restez en ligne.",
        "Een ogenblik, de verbinding met de andere persoon is verbroken. Blijf aan de lijn.",
        "Einen Augenblick, die andere Person ist nicht mehr in der Leitung. Bleiben Sie am Apparat.",
        "One moment, we have lost the other person. Stay on the line.",
    ),
    # The same words for whoever is helped and whoever helps.
    "masked_menu": Said(
        "Pour appeler la personne avec qui vous avez rendez-vous, tapez un. Pour parler à notre équipe, "
        "attendez simplement.",
        "Om te bellen met de persoon met wie u een afspraak hebt, druk één. Voor ons team, wacht gewoon.",
        "Um die Person anzurufen, mit der Sie verabredet sind, drücken Sie die Eins. Für unser Team warten "
        "Sie einfach.",
        "To speak to the person you are helping, or who is helping you, press one. To speak to our team, "
        "simply wait.",
    ),
    # Before it, to whom somebody comes.
    "who_comes_key": Said(
        "Pour savoir qui vient et quand, tapez deux.",
        "Om te horen wie er komt en wanneer, druk twee.",
        "Um zu hören, wer kommt und wann, drücken Sie die Zwei.",
        "To hear who is coming and when, press two.",
    ),
    # Then the same choice again.
    "busy_other": Said(
        "L'autre personne ne répond pas. Pour réessayer, tapez un. Pour parler à notre équipe, attendez "
        "simplement.",
        "De andere persoon neemt niet op. Om opnieuw te bellen, druk één. Voor ons team, wacht gewoon.",
        "Die andere Person geht nicht ans Telefon. Um es noch einmal zu versuchen, drücken Sie die Eins. "
        "Für unser Team warten Sie einfach.",
        "The other person is not answering. To try again, press one. To speak to our team, simply wait.",
    ),
    "refused": Said(
        "Cet appel n'est pas possible pour le moment.",
        "Deze oproep is op dit moment niet mogelijk.",
        "Dieser Anruf ist im Moment nicht möglich.",
        "This call is not possible at the moment.",
    ),
    # To whom a message is read; nothing of it is said before a key was pressed.
    "reading_here": Said(
        "Bonjour, ici {name}.",
        "Goedendag, u spreekt met {name}.",
        "Guten Tag, hier ist {name}.",
        "Hello, this is {name}.",
    ),
    "reading_for_you": Said(
        "Nous avons un message pour vous. Pour l'écouter, tapez un.",
        "We hebben een bericht voor u. Om het te horen, druk één.",
        "Wir haben eine Nachricht für Sie. Um sie zu hören, drücken Sie die Eins.",
        "We have a message for you. To hear it, press one.",
    ),
    # To whoever picks up a phone that was given as an operator's own: perhaps somebody who knows nothing of it.
    "own_phone_for_you": Said(
        "Quelqu'un a donné ce numéro pour répondre ici aux appels. Si c'est vous, tapez un : vous entendrez un code. "
        "Sinon, vous pouvez raccrocher.",
        "Iemand gaf dit nummer op om hier oproepen aan te nemen. Bent u dat, druk één: u hoort dan een code. Anders "
        "mag u ophangen.",
        "Jemand hat diese Nummer angegeben, um hier Anrufe anzunehmen. Wenn Sie das sind, drücken Sie die Eins: Sie "
        "hören dann einen Code. Sonst können Sie auflegen.",
        "Someone gave this number to answer calls here. If it was you, press one: you will hear a code. If "
        "not, you can hang up.",
    ),
    "own_phone_code": Said("Votre code :", "Uw code:", "Ihr Code:", "Your code:"),
    "own_phone_code_again": Said("Je répète :", "Ik herhaal:", "Ich wiederhole:", "Once more:"),
    "reading_ask": Said(
        "Pour dire oui, tapez un. Pour dire non, tapez deux. Pour réécouter, tapez trois.",
        "Om ja te zeggen, druk één. Om nee te zeggen, druk twee. Om het opnieuw te horen, druk drie.",
        "Für Ja drücken Sie die Eins, für Nein die Zwei. Um es noch einmal zu hören, drücken Sie die Drei.",
        "To say yes, press one. To say no, press two. To hear it again, press three.",
    ),
    "reading_again": Said(
        "Pour réécouter, tapez trois.",
        "Om het opnieuw te horen, druk drie.",
        "Um es noch einmal zu hören, drücken Sie die Drei.",
        "To hear it again, press three.",
    ),
    "reading_yes": Said(
        "C'est noté, merci. Nous vous rappelons pour vous dire la suite. Au revoir.",
        "Dat is genoteerd, dank u. We bellen u terug om te laten weten hoe het verdergaat. Tot ziens.",
        "Das ist notiert, vielen Dank. Wir rufen Sie zurück und sagen Ihnen, wie es weitergeht. Auf Wiederhören.",
        "Thank you for telling us. We will call you back to say what happens next. Goodbye.",
    ),
    "reading_no": Said(
        "C'est noté, merci. Nous demandons à quelqu'un d'autre. Au revoir.",
        "Dat is genoteerd, dank u. We vragen het aan iemand anders. Tot ziens.",
        "Das ist notiert, vielen Dank. Wir fragen jemand anderen. Auf Wiederhören.",
        "Thank you for telling us. We will ask someone else. Goodbye.",
    ),
    "reading_bye": Said(
        "Pour nous parler, rappelez ce numéro. Au revoir.",
        "Om met ons te spreken, bel dit nummer. Tot ziens.",
        "Um mit uns zu sprechen, rufen Sie diese Nummer an. Auf Wiederhören.",
        "To speak to us, call this number. Goodbye.",
    ),
    "consent_record": Said(
        "Nous aimerions enregistrer cet appel. Si vous êtes d'accord, tapez un. Si vous ne faites rien, rien n'est "
        "enregistré.",
        "We zouden dit gesprek graag opnemen. Als u dat goedvindt, druk één. Als u niets doet, wordt er niets "
        "opgenommen.",
        "Wir möchten dieses Gespräch gern aufnehmen. Wenn Sie einverstanden sind, drücken Sie die Eins. Wenn Sie "
        "nichts tun, wird nichts aufgenommen.",
        "We would like to record this call. If you agree, press one. If you do nothing, nothing is recorded.",
    ),
    # To an operator.
    "listener": Said(
        "Quelqu'un de l'équipe écoute cet appel.",
        "Iemand van het team luistert mee.",
        "Jemand aus dem Team hört dieses Gespräch mit.",
        "Someone from our team is listening to this call.",
    ),
    # To a number that is blocked, before the line hangs up.
    "blocked": Said(
        "En cas de danger, appelez le cent douze. Nous ne pouvons pas prendre d'appels de ce numéro. Au revoir.",
        "Bij gevaar, bel één één twee. We kunnen geen oproepen van dit nummer aannemen. Tot ziens.",
        "Bei Gefahr wählen Sie den Notruf: eins eins zwei. Anrufe von dieser Nummer können wir nicht annehmen. Auf "
        "Wiederhören.",
        "In an emergency, dial one one two. We cannot take calls from this number. Goodbye.",
    ),
}

# `welcome`, `closed`, `nobody_here` and `trouble` are recorded whole, for each language by itself: the emergency
# number, what there is to say, the key; some also as they are said to whom no call can be promised.
_IN_PARTS = {
    *("emergency_short", "here", "language_key", "language_short", "stay", "hours"),
    *("closed_ring_back", "only_message", "ring_back_short", "message_short"),
    "concern_message_short",
    *("trouble_short", "accept", "accept_key"),
    "who_comes_key",
    *("reading_here", "reading_for_you", "reading_ask", "reading_again"),
    *("reading_yes", "reading_no", "reading_bye"),
    *("own_phone_for_you", "own_phone_code", "own_phone_code_again"),
    # Of failures: rarely heard, and alike in every group.
    *("failed_busy", "failed_no_such_number", "failed_forwarded", "failed_no_answer", "failed_refused"),
    *("failed_network", "busy_line", "forwarded_other", "network_other", "no_such_number_other"),
    *("not_put_through", "cut_ring_back", "cut_call_again"),
}
WHOLE = {"welcome", "closed", "nobody_here", "closed_no_callback", "nobody_here_no_callback"}
RECORDABLE = frozenset(TEXTS) - _IN_PARTS | WHOLE | {"music"}


def text(name: str, language: str, /, **values: str) -> str:
    """One of `TEXTS` with its values in place; raises `KeyError`, `AttributeError` for a language that has none."""
    words: str = getattr(TEXTS[name], language)
    return words.format(**values) if values else words
