"""Who comes, and when, as it is told to the person helped who calls and presses 2. Pure."""

from quartier.telephony.prompts.said import Said
from quartier.telephony.prompts.texts import LANGUAGES

COMES = Said(
    "{name} vient chez vous {when}. Le mot de passe est : {word}. Je répète : {word}.",
    "{name} komt bij u langs {when}. Het codewoord is: {word}. Ik herhaal: {word}.",
    "{name} kommt {when} zu Ihnen. Das Codewort ist: {word}. Ich wiederhole: {word}.",
    "{name} is coming to you {when}. The code word is: {word}. Once more: {word}.",
)
CALLS = Said(
    "{name} vous appelle {when}. Le mot de passe est : {word}. Je répète : {word}.",
    "{name} belt u {when}. Het codewoord is: {word}. Ik herhaal: {word}.",
    "{name} ruft Sie {when} an. Das Codewort ist: {word}. Ich wiederhole: {word}.",
    "{name} will call you {when}. The code word is: {word}. Once more: {word}.",
)


def words(language: str, *, name: str, when: str, word: str, remote: bool) -> str:
    """All of it in one language. `when`: in words of that language; `remote`: they call instead."""
    spoken = language if language in LANGUAGES else "en"
    said: str = getattr(CALLS if remote else COMES, spoken)
    return said.format(name=name, when=when, word=word)
