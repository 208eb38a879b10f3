"""What the kill test finds in the database, held against the book of what was acknowledged."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bench.stage.carrier import Carrier
from bench.stage.crowd import Book, has_list, offer_of, patiently, words_of
from quartier.cases.models import Request
from quartier.intake.models import Draft
from quartier.messaging.models import Message, Report, SandboxDelivery
from quartier.shopping.models import Household, Item
from quartier.visits.models import Assignment

HELPING = [*Assignment.ACTIVE, Assignment.State.DONE]


def everything(book: Book, carriers: Sequence[Carrier] = ()) -> dict[str, Any]:
    """The counts of `chaos`. Every row is read, so that a value that cannot be opened would be noticed too."""
    found = patiently(lambda: list(Request.objects.select_related("case")))
    words = Counter(request.details for request in found)
    lost = lost_of(book, words)
    doubled = [text for text, times in words.items() if times > 1]
    doubled += [str(request.pk) for request in found if _helpers(request) > request.needed]
    doubled += [str(request.pk) for request in found if request.accepted > request.needed]
    pairs = Counter(Assignment.objects.filter(state__in=HELPING).values_list("request_id", "volunteer_id"))
    doubled += [str(pair) for pair, times in pairs.items() if times > 1]
    copies = Counter(SandboxDelivery.objects.values_list("copy_of", flat=True))
    copies.update(UUID(text.reference) for carrier in carriers for text in carrier.taken)
    states = Counter(Message.objects.values_list("state", flat=True))
    ended = {*Message.GONE_OUT, Message.State.FAILED, Message.State.CANCELLED}
    undelivered = [str(pk) for pk in Message.objects.exclude(state__in=ended).values_list("pk", flat=True)]
    sent = Message.objects.filter(state__in=Message.GONE_OUT).values_list("pk", flat=True)
    undelivered += [str(pk) for pk in sent if not copies[pk]]
    return {
        "acknowledged": len(book.asked) + len(book.accepted) + len(book.done),
        "lost": len(lost),
        "doubled": len(doubled),
        "undelivered": len(undelivered),
        "ambiguous": sum(carrier.doubts for carrier in carriers),
        "extra_copies": sum(times - 1 for times in copies.values()),
        "texts": sum(len(carrier.taken) for carrier in carriers),
        "receipts": Report.objects.filter(message__isnull=False).count(),
        "asked": len(book.asked),
        "accepted": len(book.accepted),
        "done": len(book.done),
        "requests": dict(sorted(Counter(request.state for request in found).items())),
        "messages": {str(state): number for state, number in sorted(states.items())},
        **({"what": [*lost, *doubled, *undelivered][:20]} if lost or doubled or undelivered else {}),
    }


# What whoever asked hears at once: neighbours are asked, one of us reads it first, or the night comes first.
RECEIPTS = ("received", "received_read", "received_night")


def _helpers(request: Request) -> int:
    return Assignment.objects.filter(request=request, state__in=HELPING).count()


def _list_is_there(case: UUID, words: str) -> bool:
    """Whether its list says so, once, and what nobody there can eat."""
    things = [item.words for item in Item.objects.filter(list__request__case=case)]
    return things == [words] and [each.allergies for each in Household.objects.filter(case=case)] == [words]


def lost_of(book: Book, words: "Counter[str]") -> list[str]:
    """What was acknowledged and is not there, in words."""
    lost = []
    for number, draft_id in book.asked.items():
        draft = Draft.objects.filter(pk=draft_id).first()
        if draft is None or draft.result is None or not words[words_of(number)]:
            lost.append(words_of(number))
            continue
        if has_list(number) and not _list_is_there(draft.result, words_of(number)):
            lost.append(f"list of {words_of(number)}")
        if not Message.objects.filter(template__in=RECEIPTS, person__cases_asked=draft.result).exists():
            lost.append(f"message to who asked: {number}")
    for link in book.accepted:
        if not Assignment.objects.filter(offer=offer_of(link), state__in=HELPING).exists():
            lost.append(f"yes: {link}")
    for link in book.done:
        if not Assignment.objects.filter(offer=offer_of(link), state=Assignment.State.DONE).exists():
            lost.append(f"done: {link}")
    return lost
