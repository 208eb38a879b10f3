"""A message as a mail: plain text, and the same in HTML with the service's colours; headers that tell machines
what it is. (Colours stand in the HTML itself, and once more in its head for those that show dark pages; nothing is
fetched from anywhere.)"""

import re
from email.headerregistry import Address
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quartier.lib import phone
from quartier.messaging.models import Message
from quartier.messaging.providers.email import leaving
from quartier.team.models import Organisation

INK, PAPER, GROUND, PLATE, QUIET = "#171b26", "#ffffff", "#f3f4f1", "#14377d", "#474e5f"
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
# What stands in the HTML itself is stronger than a rule, except than one that says so.
DARK = mark_safe(
    "@media (prefers-color-scheme:dark){"
    ".q-ground{background:#10131b!important}.q-paper{background:#1b202c!important;border-color:#8fb0f5!important}"
    ".q-ink{color:#f1f2f5!important}.q-quiet{color:#b9c0cf!important}.q-link{color:#a9c3ff!important}"
    ".q-go{background:#a9c3ff!important;color:#10131b!important}}"
)
# The number of the line, as it is shown and as it is called; twice "" where there is none.
Tel = tuple[str, str]
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def written(message: Message) -> EmailMultiAlternatives:
    """The mail, in the message's language. Raises `ValueError` for what cannot stand in a mail."""
    organisation = message.organisation
    with translation.override(message.language):
        foot, leave = footer(organisation), leaving_page(message)
        below = f"{foot}\n\n{_leave_words()}\n{leave}" if leave else foot
        mail = EmailMultiAlternatives(
            subject=" ".join(message.subject.split()) or organisation.name,
            body=f"{message.body}\n\n-- \n{below}\n",
            from_email=str(Address(organisation.name, addr_spec=settings.DEFAULT_FROM_EMAIL)),
            to=[message.to],
            headers=headers(message),
        )
        mail.attach_alternative(as_html(message, foot, leave), "text/html")
    return mail


def headers(message: Message) -> dict[str, str]:
    """Headers beside the usual ones. The Message-ID is the same for every copy."""
    sender = settings.DEFAULT_FROM_EMAIL
    return {
        "Message-ID": f"<{message.pk}@{sender.rpartition('@')[2]}>",
        "Date": format_datetime(message.created_at),
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **leaving.headers(message),
    }


def footer(organisation: Organisation) -> str:
    """Who writes, and how to reach them by phone."""
    if not organisation.phone:
        return organisation.name
    number = phone.display(organisation.phone, organisation.country)
    return _("%(organisation)s. You can also call us: %(phone)s") % {
        "organisation": organisation.name,
        "phone": number,
    }


def leaving_page(message: Message) -> str:
    """Where offers can be ended, for messages that come now and then; else ""."""
    return leaving.page(message) if leaving.is_now_and_then(message) else ""


def _leave_words() -> str:
    return _("If you would rather not be asked any longer:")


def as_html(message: Message, foot: str, leave: str = "") -> str:
    """The words as a page: one column, large type, an address alone on its line as a button."""
    organisation = message.organisation
    number = organisation.phone
    tel = (phone.display(number, organisation.country), number) if number else ("", "")
    blocks = [block for block in message.body.split("\n\n") if block.strip()]
    parts = format_html_join("", "{}", ([_block(block, tel)] for block in blocks))
    below = _called(foot, tel, "q-quiet", QUIET)
    if leave:
        below = format_html(
            '{}<br><br>{} <a class="q-quiet" href="{}" style="color:{}">{}</a>',
            below, _leave_words(), leave, QUIET, _("one click is enough"),
        )  # fmt: skip
    page = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        "<title>{}</title><style>{}</style></head>"
        '<body class="q-ground" style="margin:0;padding:16px;background:{};{}">'
        '<div class="q-paper q-ink" style="max-width:512px;margin:0 auto;background:{};border-top:8px solid {};'
        'border-radius:6px;padding:24px 24px 8px;color:{};font-size:18px;line-height:1.5;overflow-wrap:break-word">'
        '<h1 class="q-ink" style="margin:0 0 16px;font-size:24px;line-height:1.25;color:{}">{}</h1>{}</div>'
        '<p class="q-quiet" style="max-width:560px;margin:16px auto 0;color:{};font-size:15px;line-height:1.5">{}</p>'
        "</body></html>",
        message.language, message.subject, DARK,
        GROUND, FONT, PAPER, PLATE, INK, INK, message.subject, parts, QUIET, below,
    )  # fmt: skip
    return str(page)


def _block(block: str, tel: Tel) -> SafeString:
    lines = block.strip().split("\n")
    if _ADDRESS.fullmatch(lines[-1].strip()):
        before = _paragraph("\n".join(lines[:-1]), tel) if lines[:-1] else mark_safe("")
        return format_html("{}{}", before, _button(lines[-1].strip()))
    return _paragraph(block, tel)


def _paragraph(words: str, tel: Tel) -> SafeString:
    pieces, end = [], 0
    for match in _ADDRESS.finditer(words):
        pieces += [_lines(words[end : match.start()], tel)]
        pieces += [_link(match[0], match[0])]
        end = match.end()
    pieces.append(_lines(words[end:], tel))
    inside = format_html_join("", "{}", ([piece] for piece in pieces))
    return format_html('<p style="margin:0 0 16px">{}</p>', inside)


def _link(address: str, words: str) -> SafeString:
    return format_html(
        '<a class="q-link" href="{}" style="color:{};word-break:break-word">{}</a>', address, PLATE, words
    )


def _called(words: str, tel: Tel, kind: str = "q-link", colour: str = PLATE) -> SafeString:
    """Words with the number of the line as a link that calls it."""
    shown, number = tel
    before, found, after = words.partition(shown) if shown else (words, "", "")
    if not found:
        return format_html("{}", words)
    return format_html(
        '{}<a class="{}" href="tel:{}" style="color:{};white-space:nowrap">{}</a>{}',
        before, kind, number, colour, found, after,
    )  # fmt: skip


def _lines(words: str, tel: Tel) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ([_called(line, tel)] for line in words.split("\n")))


def _button(address: str) -> SafeString:
    return format_html(
        '<p style="margin:0 0 24px"><a class="q-go" href="{}" style="display:inline-block;padding:12px 24px;'
        'background:{};color:#ffffff;font-weight:bold;text-decoration:none;border-radius:6px">{}</a><br>'
        '<span class="q-quiet" style="display:inline-block;margin-top:8px;font-size:13px;line-height:1.4;color:{};'
        'word-break:break-all">{}</span></p>',
        address,
        PLATE,
        _("Open the page"),
        QUIET,
        address,
    )
