"""A row is held, and nothing of it is read."""

import pytest
from django.db import transaction

from quartier.lib.ids import uuid7
from quartier.lib.rows import hold


@pytest.mark.django_db
def test_only_the_key_of_a_row_that_is_held_is_read(organisation, django_assert_num_queries):
    model = type(organisation)
    with transaction.atomic(), django_assert_num_queries(1) as asked:
        hold(model, pk=organisation.pk)
    assert "phone" not in asked.captured_queries[0]["sql"]
    with transaction.atomic(), pytest.raises(model.DoesNotExist):
        hold(model, pk=uuid7())
