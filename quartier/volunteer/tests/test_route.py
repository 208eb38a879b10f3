"""The way to a door: the device's own map, and nothing where none would open."""

import pytest

from quartier.volunteer.route import route_to

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "way"),
    [
        (ANDROID, "geo:0,0?q=Rue%20du%20Page%2042%2C%201050%20Ixelles"),
        (IPHONE, "maps:?q=Rue%20du%20Page%2042%2C%201050%20Ixelles"),
        (WINDOWS, ""),
    ],
)
def test_the_map_of_the_device(agent, way):
    assert route_to("Rue du Page 42", "1050 Ixelles", agent) == way


def test_an_address_is_only_words():
    assert route_to("Rue <b>&q=x\n12?#", "", ANDROID) == "geo:0,0?q=Rue%20%3Cb%3E%26q%3Dx%2012%3F%23"
    assert route_to("  ", "1050 Ixelles", ANDROID) == ""
