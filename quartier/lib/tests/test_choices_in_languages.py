"""Choices mean the same whatever language the page speaks."""

import pytest
from django.utils import translation

from quartier.lib import choices


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_language_of_the_page_does_not_matter(language):
    with translation.override(language):
        assert choices.mask(choices.LANGUAGES, ["fr", "nl"]) == 0b11
        assert choices.kind("talk").remote
        assert hash(choices.KINDS[0]) == hash(choices.KINDS[0])
