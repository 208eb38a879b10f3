"""What carriers write that sippy does not read: made what it reads, and nothing that it was not."""

import pytest
from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.incoming_text import readable

SOUND = sdp.plain(("192.0.2.7", 4000))


def invite(*, sender='"Marie" <sip:+3220001427@c>;tag=1', asked="sip:+3280000020@d", more="", body=SOUND):
    return (
        f"INVITE {asked} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\nFrom: {sender}\r\n"
        f"To: <sip:+3280000020@d>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContact: <sip:c@192.0.2.7>\r\n{more}"
        f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def read(text, coding="latin-1"):
    return SipRequest(readable(text.encode(coding)))


@pytest.mark.parametrize("coding", ["latin-1", "utf-8"])
def test_a_name_with_accents_is_read_in_both_ways_of_writing(coding):
    request = read(invite(sender='"Frédéric" <sip:+3220001427@c>;tag=1'), coding)
    sender = request.getHFBody("from")
    assert (sender.getUri().name, sender.getUrl().username, sender.getTag()) == (
        "Frédéric",
        "+3220001427",
        "1",
    )
    assert str(request.getBody()) == SOUND
    answer = SipResponse(readable("SIP/2.0 486 Occupé\r\nVia: SIP/2.0/UDP a;branch=b\r\nFrom: <sip:a@b>\r\n"
                                  "To: <sip:a@b>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\r\n".encode(coding)))  # fmt: skip
    assert answer.getSCode() == (486, "Occupé")


@pytest.mark.parametrize("coding", ["latin-1", "utf-8"])
def test_a_description_is_as_long_as_it_says(coding):
    body = SOUND.replace("s=-", "s=été")
    text = invite(body=body).replace(f"Length: {len(body)}", f"Length: {len(body.encode(coding))}")
    assert sdp.port(str(read(text, coding).getBody())) == 4000


@pytest.mark.parametrize(
    ("sender", "number", "tag"),
    [
        ("<tel:+3220001427>;tag=1", "+3220001427", "1"),
        ("<TEL:+32-2-000-14-27;phone-context=+32;npdi>;tag=1", "+32-2-000-14-27", "1"),
        ("tel:+3220001427;tag=1", "+3220001427", "1"),
        ('"<tel:+3220009999>" <tel:+3220001427>;tag=1', "+3220001427", "1"),
        ("Marie <tel:+3220001427>;tag=1", "+3220001427", "1"),
        ('"tel:+3220009999" <sip:+3220001427@c>;tag=1', "+3220001427", "1"),
        ('"<tel:+3220009999>" <sip:+3220001427@c>;tag=1', "+3220001427", "1"),
    ],
)
def test_a_number_that_is_an_address_of_its_own(sender, number, tag):
    found = read(invite(sender=sender)).getHFBody("from")
    assert (found.getUrl().username, found.getTag()) == (number, tag)


def test_a_number_that_is_called_so():
    assert read(invite(asked="tel:+3280000020")).getRURI().username == "+3280000020"


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\r"])
def test_a_name_becomes_no_header(end):
    name = f'"a{end}P-Asserted-Identity: <sip:+3220009999@c>"'
    request = read(invite(sender=f"{name} <sip:+3220001427@c>;tag=1"), "utf-8")
    assert not request.getHFs("p-asserted-identity")
    assert request.getHFBody("from").getUrl().username == "+3220001427"


@pytest.mark.parametrize("kind", ["multipart/mixed;boundary=xx", 'Multipart/Mixed;\r\n boundary="xx"'])
@pytest.mark.parametrize("is_first", [True, False])
def test_of_several_parts_the_description_of_the_sound(kind, is_first):
    parts = [
        f"Content-Type: application/sdp\r\n\r\n{SOUND}\r\n",
        "Content-Type: application/isup;version=itu-t92+\r\nContent-Disposition: signal\r\n\r\n\x01\xff\x00\r\n",
    ]
    body = "".join(f"--xx\r\n{each}" for each in (parts if is_first else parts[::-1])) + "--xx--\r\n"
    text = invite(body=body).replace("Content-Type: application/sdp", f"Content-Type: {kind}", 1)
    request = read(text.replace("Contact:", "MIME-Version: 1.0\r\nContact:"))
    assert (request.getBody().getType(), str(request.getBody()).strip()) == ("application/sdp", SOUND.strip())
    assert request.getHFBody("from").getTag() == "1"


def test_what_has_no_such_part_stays_what_it_is():
    body = "--xx\r\nContent-Type: text/plain\r\n\r\nhello\r\n--xx--\r\n"
    text = invite(body=body).replace("application/sdp", "multipart/mixed;boundary=xx")
    assert readable(text.encode()) == text
    assert readable(invite().encode()) == invite()
