"""Who comes, and when, as it is told to the person helped who calls and presses 2. Pure.

The code word is not said: that somebody calls from this number is what the network says, which can be forged, and the
word is what tells a neighbour from a stranger at the door."""

from quartier.telephony.prompts.said import Said
from quartier.telephony.prompts.texts import LANGUAGES

COMES = Said(
    "{name} vient chez vous {when}.",
    "{name} komt bij u langs {when}.",
    "{name} kommt {when} zu Ihnen.",
    "{name} is coming to you {when}.",
)
CALLS = Said(
    "{name} vous appelle {when}.",
    "{name} belt u {when}.",
    "{name} ruft Sie {when} an.",
    "{name} will call you {when}.",
)
WORD = Said(
    "Le mot qui vous sera dit est dans notre message et sur votre page. Vous ne le retrouvez pas ? Notre équipe vous "
    "aide.",
    "Het codewoord staat in ons bericht en op uw pagina. Vindt u het niet? Dan helpt ons team u.",
    "Das Codewort steht in unserer Nachricht und auf Ihrer Seite. Finden Sie es nicht? Dann hilft Ihnen unser Team.",
    "The code word is in our message and on your page. Can't find it? Our team will help you.",
)


def words(language: str, *, name: str, when: str, remote: bool) -> str:
    """All of it in one language. `when`: in words of that language; `remote`: they call instead."""
    spoken = language if language in LANGUAGES else "en"
    said: str = getattr(CALLS if remote else COMES, spoken)
    return f"{said.format(name=name, when=when)} {getattr(WORD, spoken)}"
