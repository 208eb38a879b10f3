"""Sealing: what is stored cannot be read, moved or forged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import crypto


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_place_only(plain, place):
    sealed = crypto.seal(plain, place)
    assert crypto.unseal(sealed, place) == plain
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed, place + "x")
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed[:-4] + "AAAA", place + "|")


@given(st.text(max_size=40))
def test_garbage_never_opens(garbage):
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(garbage, "here")


def test_equal_values_find_each_other_within_one_organisation():
    assert crypto.blind("phone", 1, "+3220001427") == crypto.blind("phone", 1, "+3220001427")
    assert crypto.blind("phone", 1, "+3220001427") != crypto.blind("phone", 2, "+3220001427")
    assert crypto.blind("phone", 1, "x") != crypto.blind("email", 1, "x")
    assert crypto.blind("phone", 1, "") == ""
