"""Finds the account of a session. Nobody signs in through it: codes and passkeys do that, see `people`."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from quartier.team.models import Account


class AccountBackend(BaseBackend):
    """Active accounts only: who is switched off is signed out at the next click."""

    def get_user(self, user_id: UUID | str) -> Account | None:
        return Account.objects.select_related("organisation").filter(id=user_id, is_active=True).first()
