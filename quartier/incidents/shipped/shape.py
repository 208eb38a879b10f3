"""What a template of an incident holds. Texts are lazy: they are in the language of whoever reads them."""

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Asked:
    """A question beside the usual ones, answered by yes, no or "I don't know".

    `note`: what stands before the answer in the file. `for_neighbour`: whoever goes there reads it too; else only
    the team, because it says something about health or about who is alone.
    """

    code: str
    words: Words
    note: Words
    for_neighbour: bool = False


@dataclass(frozen=True)
class Template:
    """What an incident begins with; the head of the organisation can change name, sentence and kinds.

    code      in the database and in links, at most 10 letters
    icon      of the set in `look`
    brings    one sentence for whoever chooses it
    sentence  for the first page
    kinds     of help, as codes, in the order of the page
    script    what an operator says beside the usual, in the caller's language
    door      what volunteers promise and are reminded of
    announce  to people who may need help: on posters, and in a message to those helped before
    asks      to volunteers: the first words of an appeal
    occasion  of check-ins, a code of `followup.rules.OCCASIONS`; empty where nobody needs them
    check_in  what to ask somebody who is called to see how they are; it comes with `occasion`
    """

    code: str
    icon: str
    name: Words
    brings: Words
    sentence: Words
    kinds: tuple[str, ...]
    announce: Words
    asks: Words
    questions: tuple[Asked, ...] = ()
    script: tuple[Words, ...] = ()
    door: tuple[Words, ...] = ()
    occasion: str = ""
    check_in: Words = ""
