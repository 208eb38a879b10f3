"""What the tests of money share: a visit under way, and photographs."""

import io

import pytest
from PIL import Image, ImageDraw


@pytest.fixture
def visit(tuesday, asked, youssef):
    """Youssef goes shopping for Marie."""
    from quartier.matching import actions as matching
    from quartier.team.access import of_account
    from quartier.visits import actions

    request = asked("groceries", details="Deux pains gris\nDu lait").requests[0]
    offer = next(iter(matching.send_wave(request_id=request.id)))
    return actions.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


def photograph(size=(900, 1200), kind="JPEG", seed=1, **given):
    """A picture in which something can be seen."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for row in range(12):
        draw.rectangle(
            (40, 40 + row * size[1] // 13, 60 + (row * seed * 97) % (size[0] - 80), 60 + row * size[1] // 13),
            fill=(row * 20, 60, 90),
        )
    made = io.BytesIO()
    picture.save(made, kind, **given)
    return made.getvalue()


@pytest.fixture
def photo():
    return photograph
