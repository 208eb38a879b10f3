"""What the line says when a call does not come about, or falls: to an operator, to a neighbour, to a caller."""

from quartier.telephony.prompts.said import Said

FAILURE_TEXTS: dict[str, Said] = {
    # Why somebody whom the line called did not come. To an operator.
    "failed_busy": Said(
        "C'est occupé. Réessayez un peu plus tard.",
        "De lijn is bezet. Probeer het straks opnieuw.",
        "Es ist besetzt. Versuchen Sie es etwas später noch einmal.",
        "The line is busy. Try again a little later.",
    ),
    "failed_no_such_number": Said(
        "Ce numéro n'existe pas. Vérifiez-le dans la fiche.",
        "Dit nummer bestaat niet. Kijk het na in de fiche.",
        "Diese Nummer gibt es nicht. Prüfen Sie sie in der Akte.",
        "This number does not exist. Check it in the case.",
    ),
    "failed_forwarded": Said(
        "La personne a transféré ses appels. Nous ne la joignons pas ainsi.",
        "Deze persoon heeft de oproepen doorgeschakeld. Zo krijgen we geen verbinding.",
        "Die Person hat ihre Anrufe umgeleitet. So erreichen wir sie nicht.",
        "This person has forwarded their calls. We cannot reach them this way.",
    ),
    "failed_no_answer": Said(
        "Personne ne répond. Réessayez plus tard.",
        "Er neemt niemand op. Probeer het later opnieuw.",
        "Es geht niemand ans Telefon. Versuchen Sie es später noch einmal.",
        "No one is answering. Try again later.",
    ),
    "failed_refused": Said(
        "L'appel a été refusé. Réessayez plus tard.",
        "De oproep is geweigerd. Probeer het later opnieuw.",
        "Der Anruf wurde abgelehnt. Versuchen Sie es später noch einmal.",
        "The call was refused. Try again later.",
    ),
    "failed_network": Said(
        "L'opérateur téléphonique ne passe pas l'appel.",
        "De telefoonmaatschappij verbindt de oproep niet door.",
        "Die Telefongesellschaft stellt den Anruf nicht durch.",
        "The phone company is not putting the call through.",
    ),
    # To a neighbour who wanted to reach the other one; then the same choice again.
    "busy_line": Said(
        "La ligne de l'autre personne est occupée. Pour réessayer, tapez un. Pour notre équipe, restez en ligne.",
        "De andere persoon is in gesprek. Om het opnieuw te proberen, druk één. Voor ons team, blijf aan de lijn.",
        "Bei der anderen Person ist besetzt. Um es noch einmal zu versuchen, drücken Sie die Eins. Für unser Team "
        "bleiben Sie am Apparat.",
        "The other person's line is busy. To try again, press one. For our team, stay on the line.",
    ),
    "forwarded_other": Said(
        "L'autre personne a transféré ses appels. Pour réessayer, tapez un. Pour notre équipe, restez en ligne.",
        "De andere persoon heeft de oproepen doorgeschakeld. Om het opnieuw te proberen, druk één. Voor ons team, "
        "blijf aan de lijn.",
        "Die andere Person hat ihre Anrufe umgeleitet. Um es noch einmal zu versuchen, drücken Sie die Eins. Für "
        "unser Team bleiben Sie am Apparat.",
        "The other person has forwarded their calls. To try again, press one. For our team, stay on the line.",
    ),
    "network_other": Said(
        "L'appel ne passe pas. Pour réessayer, tapez un. Pour notre équipe, restez en ligne.",
        "De oproep komt niet tot stand. Om het opnieuw te proberen, druk één. Voor ons team, blijf aan de lijn.",
        "Der Anruf kommt nicht zustande. Um es noch einmal zu versuchen, drücken Sie die Eins. Für unser Team bleiben "
        "Sie am Apparat.",
        "The call is not going through. To try again, press one. For our team, stay on the line.",
    ),
    "no_such_number_other": Said(
        "Le numéro de l'autre personne ne fonctionne plus. Restez en ligne, notre équipe vous aide.",
        "Het nummer van de andere persoon werkt niet meer. Blijf aan de lijn, ons team helpt u.",
        "Die Nummer der anderen Person gilt nicht mehr. Bleiben Sie am Apparat, unser Team hilft Ihnen.",
        "The other person’s number no longer works. Stay on the line, our team will help you.",
    ),
    # The day's money is spent, or that number may not be dialled.
    "not_put_through": Said(
        "Nous ne pouvons pas vous passer l'autre personne pour le moment. Restez en ligne, notre équipe vous aide.",
        "We kunnen u nu niet met de andere persoon doorverbinden. Blijf aan de lijn, ons team helpt u.",
        "Wir können Sie im Moment nicht mit der anderen Person verbinden. Bleiben Sie am Apparat, unser Team hilft "
        "Ihnen.",
        "We cannot put you through to the other person at the moment. Stay on the line, our team will help you.",
    ),
    # Whoever was on a call when call control fell: before it ends.
    "cut_ring_back": Said(
        "Nous avons une panne, la communication est coupée. Nous vous rappelons au numéro d'où vous appelez.",
        "We hebben een panne, de verbinding wordt verbroken. We bellen u terug op het nummer waarmee u nu belt.",
        "Bei uns gibt es eine technische Störung, die Verbindung wird getrennt. Wir rufen Sie unter der Nummer zurück, "
        "von der Sie anrufen.",
        "We have a fault and this call is ending. We will call you back on the number you are calling from.",
    ),
    "cut_call_again": Said(
        "Nous avons une panne, la communication est coupée. Appelez-nous à nouveau dans quelques minutes.",
        "We hebben een panne, de verbinding wordt verbroken. Bel ons over enkele minuten terug.",
        "Bei uns gibt es eine technische Störung, die Verbindung wird getrennt. Rufen Sie uns in einigen Minuten noch "
        "einmal an.",
        "We have a fault and this call is ending. Please call us again in a few minutes.",
    ),
}
