import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import sms


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("à é è ù ß Ä", "GSM-7", 11, 1),
        ("10 €", "GSM-7", 5, 1),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("ê" * 135, "UCS-2", 135, 3),
        ("🙂" * 35, "UCS-2", 70, 1),
        # Two halves of one sign stay together: 33 of them in each segment of 67.
        ("🙂" * 67, "UCS-2", 134, 3),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
    ],
)
def test_segments(text, encoding, units, segments):
    assert sms.size(text) == sms.Size(encoding, units, segments)


def test_typography_does_not_cost_a_segment():
    assert sms.plain("«\u00a0Demain\u00a0» entre 10\u00a0h et 11\u00a0h…") == '"Demain" entre 10 h et 11 h...'
    assert sms.size(sms.plain("L\u2019aide arrive\u00a0: 10\u00a0h")).encoding == "GSM-7"


def test_an_accent_that_the_alphabet_lacks_does_not_cost_two_segments():
    assert (
        sms.plain("Vêtements, avant le 3 août à 18 h, Zoë, ça")
        == "Vetements, avant le 3 aout à 18 h, Zoe, ca"
    )
    # Written as two signs, as some keyboards do.
    assert sms.plain("aou\u0302t à") == "aout à"


def test_letters_stay_where_the_message_is_long_all_the_same():
    assert sms.plain("Août, Łukasz") == "Août, Łukasz"
    assert sms.plain("Août, \u0627") == "Août, \u0627"


@given(st.text())
def test_any_text_has_a_size(text):
    size = sms.size(text)
    most = (160, 153) if size.encoding == "GSM-7" else (70, 67)
    assert size.segments == 1 if size.units <= most[0] else size.segments >= -(-size.units // most[1])
    assert sms.size(sms.plain(text)).segments >= 1
