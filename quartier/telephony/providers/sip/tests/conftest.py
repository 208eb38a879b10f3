"""What the tests of the SIP provider share."""

import pytest

from quartier.telephony import prompts
from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.sound import Sound


@pytest.fixture(autouse=True)
def plain_browsers(monkeypatch):
    """Stand-ins for browsers describe plain sound."""
    monkeypatch.setattr(Sound, "plain_browsers", True)


@pytest.fixture
def spoken(tmp_path, monkeypatch):
    """Prompts are files that nobody must say."""
    monkeypatch.setattr(prompts, "sound", lambda name, language, **more: prompts.Sound(tmp_path / name, 1.0))
    monkeypatch.setattr(alaw, "file", lambda path: path)
    return tmp_path
