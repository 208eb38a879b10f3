"""What is read in letters, whatever they hold: words above what is quoted, alphabets, pages, and letters that harm."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.messaging.providers.mailbox import html, letter, notices, words
from quartier.messaging.providers.mailbox.letter import Letter, TooMuch

QUOTED = "> Une voisine a besoin de quelqu’un.\n>\n> Oui ou non :\n> https://line.example.org/fr/offer/x/"
PLAIN = "Une voisine a besoin de quelqu’un.\n\nOui ou non :\nhttps://line.example.org/fr/offer/x/"
OUTLOOK = {
    "fr": "De : Quartier <q@example.org>\nEnvoyé : mardi 12 janvier 2027 11:00\nÀ : Nadia\nObjet : Courses",
    "nl": "Van: Quartier <q@example.org>\nVerzonden: dinsdag 12 januari 2027 11:00\nAan: Nadia\nOnderwerp: Hulp",
    "de": "Von: Quartier <q@example.org>\nGesendet: Dienstag, 12. Januar 2027 11:00\nAn: Nadia\nBetreff: Einkauf",
    "en": "From: Quartier <q@example.org>\nSent: Tuesday, 12 January 2027 11:00\nTo: Nadia\nSubject: Shopping",
}
SAID = [
    "Le mar. 12 janv. 2027 à 11:00, Quartier Bruxelles <quartier@example.org> a écrit :",
    "Le mar. 12 janv. 2027 à 11:00, Quartier Bruxelles\n<quartier@example.org> a écrit\u00a0:",
    "Le 12/01/2027 à 11:00, Quartier Bruxelles a écrit :",
    "Le 12 janvier 2027 11:00:00 GMT+01:00, Quartier <q@example.org> a écrit :",
    "Le 12 janv. 2027 à 11:00, Quartier Bruxelles <quartier@example.org> a\nécrit :",
    "Op di 12 jan 2027 om 11:00 schreef Quartier Brussel <quartier@example.org>:",
    "Op 12-01-2027 om 11:00 schreef Quartier:",
    "Op 12 jan. 2027 om 11:00 heeft Quartier <q@example.org> het volgende geschreven:",
    "Am Di., 12. Jan. 2027 um 11:00 Uhr schrieb Quartier Eupen <\nquartier@example.org>:",
    "Am 12.01.27 um 11:00 schrieb Quartier:",
    "On Tue, Jan 12, 2027 at 11:00 AM Quartier <quartier@example.org> wrote:",
    "On 12/01/2027 11:00, Quartier wrote:",
    "On 12 Jan 2027, at 11:00, Quartier <quartier@example.org> wrote:",
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("below", [QUOTED, PLAIN])
def test_words_above_what_is_answered(said, below):
    assert words.above(f"Oui, je viens à 15 h.\n\n{said}\n\n{below}\n") == "Oui, je viens à 15 h."


@pytest.mark.parametrize("said", SAID)
def test_words_below_it(said):
    assert words.above(f"{said}\n{QUOTED}\n\nOui, je viens.\n\n-- \nNadia") == "Oui, je viens."


def test_words_between_it():
    text = f"{SAID[0]}\n> Quand ?\nDemain.\n> Où ?\nChez elle.\n"
    assert words.above(text) == "Demain.\nChez elle."


@pytest.mark.parametrize("language", list(OUTLOOK))
@pytest.mark.parametrize(
    "rule", ["", "________________________________\n", "\n-----Message d’origine-----\n"]
)
def test_outlook(language, rule):
    text = f"Ja, ich komme.\n\n{rule}{OUTLOOK[language]}\n\n{PLAIN}"
    assert words.above(text) == "Ja, ich komme."
    assert words.above(
        text.replace("\n" + OUTLOOK[language].split(":")[0], "\n*" + OUTLOOK[language].split(":")[0])
    ) == ("Ja, ich komme.")


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nNadia\n0470 12 34 56", "Envoyé de mon iPhone", "Envoyé depuis mon appareil Galaxy",
        "Verzonden vanaf mijn iPhone", "Von meinem iPhone gesendet", "Sent from my iPad", "Obtenir Outlook pour Android<https://aka.ms/x>",
        "Get Outlook for iOS", "Gesendet mit der WEB.DE Mail App", "Verstuurd vanaf mijn Samsung",
    ],
)  # fmt: skip
def test_signatures(signature):
    assert words.above(f"OUI\n\n{signature}\n") == "OUI"
    assert words.above(f"OUI\n\n{signature}\n\n{SAID[0]}\n{QUOTED}") == "OUI"


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\nLe docteur a dit qu’il a écrit :\n- du lait\n- du pain",
        "Le 12 janvier la pharmacie m'a écrit :\nrevenez demain",
        "Op zondag schreef ik dat ik melk wil:\nvolle melk",
        "De : ma fille\nPour : moi\nIl faut du pain",
        "Mon adresse est Rue du Page 42 <marie@example.org> :\nsonnez deux fois",
        "Liste :\n--------\nlait\npain",
        "An: die Nachbarin\nBitte 2 Brote",
        "Envoyez quelqu'un demain",
        "Le code est 12:30:\nvoila",
    ],
)
def test_nothing_of_theirs_is_lost(text):
    assert words.above(text) == text


def test_only_a_quotation_is_no_word():
    assert words.above(f"{SAID[0]}\n{QUOTED}\n") == ""
    assert words.above("") == ""
    # Below a copy that is not marked: better too much than nothing.
    assert "Oui je viens" in words.above(f"{OUTLOOK['fr']}\n\n{PLAIN}\n\nOui je viens")


PAGES = [
    ('<div dir="ltr">Oui, je viens &agrave; 15&nbsp;h.</div><br><div class="gmail_quote gmail_quote_container">'
     '<div dir="ltr" class="gmail_attr">Le mar. 12 janv. 2027 à 11:00, Quartier &lt;q@example.org&gt; a écrit :<br>'
     '</div><blockquote class="gmail_quote">Une voisine<br>Oui ou non</blockquote></div>'),
    ("<html><head><style>p{color:red}</style><title>Re</title></head><body><p>Oui, je viens à 15 h.</p>"
     '<div class="moz-cite-prefix">Le 12/01/2027 à 11:00, Quartier a écrit :</div>'
     '<blockquote type="cite">Une voisine</blockquote></body></html>'),
    ('<body><div>Oui, je viens à 15 h.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>De :</b> '
     "Quartier<br><b>Envoyé :</b> mardi</div><div>Une voisine</div></body>"),
    ("<p class=MsoNormal>Oui, je viens à 15 h.<o:p></o:p></p><div style='border-top:solid #E1E1E1 1.0pt'><p>"
     "<b>De&nbsp;:</b> Quartier &lt;q@example.org&gt; <br><b>Envoyé&nbsp;:</b> mardi 12 janvier 2027 11:00<br>"
     "<b>À&nbsp;:</b> Nadia<br><b>Objet&nbsp;:</b> Courses</p></div><p>Une voisine</p>"),
    ('<span style="display: none">caché</span><p>Oui, je viens<br> \n à 15 h.</p>'
     '<blockquote><p>Une <b>voisine</b></p><p>Oui ou non</p></blockquote>'),
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages(page):
    found = words.above(html.as_text(page))
    assert " ".join(found.replace("\u00a0", " ").split()) == "Oui, je viens à 15 h."


def test_lists_and_paragraphs_stay_apart():
    text = html.as_text(
        "<p>Il faut</p><ul><li>du lait</li><li>du pain</li></ul><p>Merci</p><script>x()</script>"
    )
    assert text.split() == ["Il", "faut", "-", "du", "lait", "-", "du", "pain", "Merci"]
    assert "- du lait\n- du pain" in text


def one(head="", body="", kind="text/plain; charset=utf-8", transfer="8bit"):
    raw = f"From: Nadia <nadia@example.org>\nContent-Type: {kind}\nContent-Transfer-Encoding: {transfer}\n{head}\n"
    return raw.encode() + (body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(
    ("alphabet", "raw"),
    [
        ("utf-8", "Été, 15 h, €".encode()),
        ("iso-8859-1", "Été, 15 h, €".encode("windows-1252")),
        ("ISO-8859-15", "Été, 15 h, €".encode("iso-8859-15")),
        ("windows-1252", "Été, 15 h, €".encode("windows-1252")),
        ("us-ascii", "Été, 15 h, €".encode()),
        ("us-ascii", "Été, 15 h, €".encode("windows-1252")),
        ("utf-8", "Été, 15 h, €".encode("windows-1252")),
        ("unknown-8bit", "Été, 15 h, €".encode()),
        ("idna", "Été, 15 h, €".encode()),
        ("zlib_codec", "Été, 15 h, €".encode()),
        ("unicode_escape", "Été, 15 h, €".encode()),
        ("x" * 5000, "Été, 15 h, €".encode()),
    ],
)
def test_alphabets(alphabet, raw):
    assert Letter.read(one(body=raw, kind=f"text/plain; charset={alphabet}")).text == "Été, 15 h, €"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=?utf-8?q?R=C3=A9ponse_=3A?= =?utf-8?b?w6l0w6k=?=", "Réponse :été"),
        ("=?iso-8859-1?q?=80uro?=", "€uro"),
        ("=?nothing?q?=80?=", "€"),
        ("=?utf-8?b?w6l0w6?=", None),
        ("=?utf-8?q?a=00=0Ab?=", "a b"),
        ("caf\u00e9", "café"),
    ],
)
def test_headers(written, shown):
    found = Letter.read(one(head=f"Subject: {written}\n")).subject
    assert "\n" not in found
    assert "\x00" not in found
    assert shown is None or found == shown


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Nadia <Nadia@Example.org>", "nadia@example.org"), ("=?utf-8?q?N=C3=A9?= <n@example.org>", "n@example.org"),
        ("nobody", ""), ("", ""), ("<>", ""), ("a@b@c.example", ""),
        ("x" * 9000 + "@example.org", ""), ('"a b"@example.org', ""),
        ("Nadia <n@example.org>, Marie <m@example.org>", ""), ("(" * 4000, ""), ("n@exa\x00mple.org", ""),
    ],
)  # fmt: skip
def test_senders(written, address):
    raw = f"From: {written}\nTo: x@example.org\n\nhello".encode()
    assert Letter.read(raw).sender == address


def test_parts():
    raw = (
        b"From: n@example.org\nContent-Type: multipart/mixed; boundary=a\n\n"
        b"--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nOui\n"
        b"--b\nContent-Type: text/html\n\n<p>Non</p>\n--b--\n"
        b"--a\nContent-Type: image/png; name=logo.png\nContent-ID: <1@x>\nContent-Disposition: inline\n\nxx\n"
        b"--a--\n"
    )
    assert Letter.read(raw).text.strip() == "Oui"
    assert not Letter.read(raw).has_attachment
    assert Letter.read(raw.replace(b"Content-ID: <1@x>\n", b"")).has_attachment
    more = (
        b"--a\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nSecret\n--a--\n"
    )
    attached = Letter.read(raw.replace(b"--a--\n", more))
    assert attached.has_attachment
    assert "Secret" not in attached.text
    plain_image = one(kind="image/png", body=b"\x89PNG")
    assert Letter.read(plain_image).has_attachment
    assert Letter.read(plain_image).text == ""


def test_lines_that_were_broken_are_joined():
    body = "Je viens demain \nvers 15 h.\n\n> quoted \n> more\n-- \nNadia"
    found = Letter.read(one(body=body, kind="text/plain; charset=utf-8; format=flowed")).text
    assert found.startswith("Je viens demain vers 15 h.\n\n> quoted \n> more\n-- \nNadia")


def test_when_it_was_written():
    now = datetime(2027, 1, 12, 10, tzinfo=UTC)
    for written, at in [
        ("Tue, 12 Jan 2027 10:30:00 +0100", now.replace(hour=9, minute=30)), ("Tue, 12 Jan 2038 10:30:00 +0100", now),
        ("Tue, 12 Jan 1970 10:30:00 +0100", now), ("soon", now), ("", now), ("9" * 90, now),
        ("Tue, 12 Jan 2027 99:30:00 +9999", now),
    ]:  # fmt: skip
        assert Letter.read(one(head=f"Date: {written}\n")).written_at(now) == at


def nested(depth):
    head = "From: n@example.org\n" + "".join(
        f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(depth)
    )
    return (head + "Content-Type: text/plain\n\nOui\n").encode()


BOMBS = {
    "nested": nested(1000),
    "letters in letters": b"From: n@example.org\n" + b"Content-Type: message/rfc822\n\n" * 1000 + b"x",
    "tabs before the sign": nested(1000).replace(b"boundary=", b"boundary\t =").replace(b"; ", b";"),
    "headers": b"From: n@example.org\n" + b"X-A: b\n" * 60_000 + b"\nOui",
    "one header": b"From: n@example.org\nSubject: " + b"a" * 500_000 + b"\n\nOui",
    "folded": b"From: n@example.org\nSubject: a" + b"\n a" * 100_000 + b"\n\nOui",
    "words": b"From: n@example.org\nSubject: " + b"=?utf-8?q?a?= " * 30_000 + b"\n\nOui",
    "parameters": b"From: n@example.org\nContent-Type: text/plain; " + b'a="b; ' * 60_000 + b"\n\nOui",
    "continued": b"From: n@example.org\nContent-Type: text/plain; "
    + b"; ".join(b"name*%d*=x" % at for at in range(30_000)) + b"\n\nOui",
    "addresses": b"From: " + b"<((((" * 90_000 + b"\n\nOui",
    "page": one(kind="text/html", body=b"<div>" * 100_000),
    "comments": one(kind="text/html", body=b"<!--" * 120_000),
    "ends": one(kind="text/html", body=b"</" * 250_000),
    "marks": one(kind="text/html", body=b"<a " * 170_000),
    "doctypes": one(kind="text/html", body=b"<![" * 170_000),
    "entities": one(kind="text/html", body=b"&#x" * 170_000),
    "starts": one(kind="text/html", body=b'<a b="' * 80_000),
    "quotes": one(body=b">" * 500_000),
    "said": one(body=b"Le 12:00 " * 60_000),
    "said on lines": one(body=b"Le 12:00 a\n" * 45_000),
    "dashes": one(body=b"-" * 500_000),
    "rules": one(body=b"--- " * 120_000 + b"reply"),
    "punched": one(kind="text/plain; charset=punycode", body=b"a-" + b"z" * 400_000),
    "base64": one(body=b"=" * 500_000, transfer="base64"),
    "uu": one(body=b"begin 644 x\n" + b"M" * 500_000, transfer="x-uuencode"),
    "nothing": b"",
    "noughts": b"\x00" * 500_000,
    "bytes": bytes(range(256)) * 2000,
}  # fmt: skip


@pytest.mark.parametrize("name", list(BOMBS))
def test_letters_that_harm_take_no_time(name):
    began = time.monotonic()
    look_at(BOMBS[name])
    assert time.monotonic() - began < 4


def look_at(raw):
    try:
        read = Letter.read(raw[: 512 * 1024])
    except TooMuch:
        return
    assert len(words.above(read.text)) <= letter.MOST_TEXT
    assert "\x00" not in read.subject
    assert (read.sender, read.message_id, read.has_attachment) is not None
    notices.is_automatic(read)
    notices.is_for_many(read)
    notices.kind_of_report(read)
    read.written_at(datetime(2027, 1, 12, tzinfo=UTC))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "From: a@b.example\n", "Content-Type: multipart/mixed; boundary=x\n", "\n", "--x\n", "--x--\n", "--",
                "Content-Type: text/html\n", "Content-Type: message/delivery-status\n",
                "Action: failed\n", "Status: 5.1.1\n",
                "Content-Transfer-Encoding: base64\n", "=?utf-8?b?", "?=", "<", ">", "<p>", "</p>", "&#0;", "é",
                "\x00", " ",
                "Subject: ", "Le 12 à 11:00, x a écrit :\n", "> a\n", "De : x\n", "\ud800",
            ]
        )
        | st.text(max_size=20)
    )
)  # fmt: skip
def test_any_bytes(pieces):
    look_at("".join(pieces).encode(errors="surrogatepass"))
