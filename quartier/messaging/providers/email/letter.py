"""A message as a mail: plain text, and the same in HTML with the service's colours; headers that tell machines
what it is. (Colours stand in the HTML itself: mail programs read no stylesheet.)"""

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
from quartier.team.models import Organisation

INK, PAPER, GROUND, PLATE, QUIET = "#171b26", "#ffffff", "#f3f4f1", "#14377d", "#474e5f"
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
# What volunteers agreed to get now and then; everything else answers something that the reader did.
NOW_AND_THEN = {"offer", "offer_remote", "welcome"}
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def written(message: Message) -> EmailMultiAlternatives:
    """The mail, in the message's language. Raises `ValueError` for what cannot stand in a mail."""
    organisation = message.organisation
    with translation.override(message.language):
        foot = footer(organisation)
        mail = EmailMultiAlternatives(
            subject=" ".join(message.subject.split()) or organisation.name,
            body=f"{message.body}\n\n-- \n{foot}\n",
            from_email=str(Address(organisation.name, addr_spec=settings.DEFAULT_FROM_EMAIL)),
            to=[message.to],
            headers=headers(message),
        )
        mail.attach_alternative(as_html(message, foot), "text/html")
    return mail


def headers(message: Message) -> dict[str, str]:
    """Headers beside the usual ones. The Message-ID is the same for every copy."""
    sender = settings.DEFAULT_FROM_EMAIL
    found = {
        "Message-ID": f"<{message.pk}@{sender.rpartition('@')[2]}>",
        "Date": format_datetime(message.created_at),
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if message.template in NOW_AND_THEN:
        found["List-Unsubscribe"] = f"<mailto:{sender}?subject=stop>"
    return found


def footer(organisation: Organisation) -> str:
    """Who writes, and how to reach them by phone."""
    if not organisation.phone:
        return organisation.name
    number = phone.display(organisation.phone, organisation.country)
    return _("%(organisation)s. You can also call us: %(phone)s") % {
        "organisation": organisation.name,
        "phone": number,
    }


def as_html(message: Message, foot: str) -> str:
    """The words as a page: one column, large type, an address alone on its line as a button."""
    parts = format_html_join(
        "", "{}", ([_block(block)] for block in message.body.split("\n\n") if block.strip())
    )
    title = format_html(
        '<h1 style="margin:0 0 16px;font-size:24px;line-height:1.2;color:{}">{}</h1>', INK, message.subject
    )
    page = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title></head>'
        '<body style="margin:0;padding:16px;background:{};{}">'
        '<div style="max-width:560px;margin:0 auto;background:{};border-top:8px solid {};border-radius:6px;'
        'padding:24px;color:{};font-size:18px;line-height:1.5">{}{}</div>'
        '<p style="max-width:560px;margin:16px auto;color:{};font-size:15px;line-height:1.5">{}</p></body></html>',
        message.language,
        message.subject,
        GROUND,
        FONT,
        PAPER,
        PLATE,
        INK,
        title,
        parts,
        QUIET,
        foot,
    )
    return str(page)


def _block(block: str) -> SafeString:
    lines = block.strip().split("\n")
    if _ADDRESS.fullmatch(lines[-1].strip()):
        before = _paragraph("\n".join(lines[:-1])) if lines[:-1] else mark_safe("")
        return format_html("{}{}", before, _button(lines[-1].strip()))
    return _paragraph(block)


def _paragraph(words: str) -> SafeString:
    pieces, end = [], 0
    for match in _ADDRESS.finditer(words):
        pieces += [_lines(words[end : match.start()])]
        pieces += [format_html('<a href="{0}" style="color:{1}">{0}</a>', match[0], PLATE)]
        end = match.end()
    pieces.append(_lines(words[end:]))
    inside = format_html_join("", "{}", ([piece] for piece in pieces))
    return format_html('<p style="margin:0 0 16px">{}</p>', inside)


def _lines(words: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ([line] for line in words.split("\n")))


def _button(address: str) -> SafeString:
    return format_html(
        '<p style="margin:0 0 24px"><a href="{}" style="display:inline-block;padding:12px 24px;background:{};'
        'color:#ffffff;font-weight:bold;text-decoration:none;border-radius:6px">{}</a><br>'
        '<span style="font-size:13px;color:{};word-break:break-all">{}</span></p>',
        address,
        PLATE,
        _("Open the page"),
        QUIET,
        address,
    )
