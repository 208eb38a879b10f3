"""What leaves an installation: mail, texts, both or nothing. For the tests of pages that offer only what there is."""

import pytest

MAIL, GATEWAY, BOX = "smtp://mail.quartier.brussels", ["https://texts.quartier.brussels/send"], "sandbox:"
ADDRESS, MOBILE = "sofia@quartier.brussels", "0470 12 34 56"


@pytest.fixture
def has(settings):
    """Says what the installation has: `has(mail=True)`."""

    def say(*, mail=False, texts=False):
        settings.SANDBOX_IS_READ = False
        settings.MAIL, settings.TEXTS = MAIL if mail else BOX, GATEWAY if texts else [BOX]

    return say


def codes(form, name="channel"):
    """The ways that a form offers."""
    return [code for code, _words in form.fields[name].choices]
