"""A supervisor, a listener who has passed the training, and Marie, who would like to be called."""

import pytest


@pytest.fixture
def amina(account, tuesday):
    """She supervises."""
    return account("Amina", "supervisor")


@pytest.fixture
def listener(amina, account):
    """Makes a listener: `listener("Hadija", capacity=1)`."""
    from quartier.companions.tests import scene

    def make(name="Hadija", who=None, **able):
        return scene.trained(amina, who or account(name), **able)

    return make


@pytest.fixture
def hadija(listener):
    return listener()


@pytest.fixture
def wish(lotte, asked, tuesday):
    from quartier.companions.tests import scene

    return scene.wished(lotte, asked("talk", name="Marie Peeters").case)


@pytest.fixture
def proposed(amina, hadija, wish):
    from quartier.companions.tests import scene

    return scene.propose(amina, wish, hadija)


@pytest.fixture
def agreed(amina, hadija, proposed):
    from quartier.companions.tests import scene

    return scene.agree(amina, hadija, proposed)


@pytest.fixture
def running(hadija, agreed):
    from quartier.companions.tests import scene

    return scene.begin(hadija, agreed)


@pytest.fixture
def pass_time():
    """Lets time pass: `pass_time(hours=3)`."""
    from quartier.companions.tests import scene

    return scene.pass_time
