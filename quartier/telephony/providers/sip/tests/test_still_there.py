"""Whoever asks whether the line is there hears it of both of its loops."""

from sippy.SipRequest import SipRequest

from quartier.telephony.providers.sip import signalling

QUESTION = (
    "OPTIONS sip:line@h SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5;branch=z9hG4bK1\r\nFrom: <sip:1@c>;tag=1\r\n"
    "To: <sip:line@h>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\n\r\n"
)


def test_a_line_whose_other_loop_stands_still_says_that_it_is_none():
    line = signalling.Signalling.__new__(signalling.Signalling)
    line._beside_at = None

    def code():
        return line._request(SipRequest(QUESTION), None)[0].getSCode()[0]

    assert code() == 200, "it begins"
    line.beside_turns()
    assert code() == 200
    line._beside_at -= signalling.BESIDE_TIMEOUT_S + 1
    assert code() == 503
