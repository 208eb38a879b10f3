"""What the tests of the public pages share: a few places, and answers to every question."""

import pytest

ANSWERS = {
    "for": {"whom": "me"},
    "what": {"kinds": ["groceries", "pharmacy"]},
    "details": {"pharmacy": ""},
    "list": {"lines": "Du lait, six œufs"},
    "where": {"text": "Ixelles"},
    "address": {"street": "Rue du Page 42", "notes": "2e sonnette"},
    "when": {"urgency": "day"},
    "languages": {"languages": ["fr", "nl"]},
    "reach": {"name": "Marie Peeters", "channel": "call", "phone": "02 000 14 27", "email": ""},
}
PERSON = {"name": "Paul Peeters", "relation": "fille", "tell": "me", "phone": ""}


@pytest.fixture
def answering(client, places, organisation, tuesday):
    """Answers the questions in their order, as a browser does; stops before `stop`, and returns that address."""

    def walk(language="fr", answers=ANSWERS, stop="check", browser=client):
        url = f"/{language}/ask/"
        for name, words in answers.items():
            if name == stop:
                return url
            shown = browser.get(url)
            assert shown.status_code == 200, (name, url, shown)
            answer = browser.post(url, words)
            assert answer.status_code == 302, (name, answer.content.decode()[:4000])
            url = answer["Location"]
        return url

    return walk
