"""How the line names itself to the outside, and proves to the carrier who it is."""

from dataclasses import dataclass

from sippy.SipAddress import SipAddress
from sippy.SipContact import SipContact
from sippy.SipURL import SipURL

from quartier.telephony.providers.sip.setup import Setup, way_to_carrier

NO_DOMAIN = Setup.domain


@dataclass(frozen=True)
class CarrierIdentity:
    """`domain`: behind numbers in From and To; `reached`: host, port and transport at which the edge is reached, which
    is where requests in a call of ours go: call control itself listens to this machine alone; `target`: the same of the
    carrier, "" without one; `user`, `password`: asked for by a carrier (RFC 3261, 22); `asserts_identity`: the carrier
    wants our number in P-Asserted-Identity (RFC 3325)."""

    domain: str
    reached: str
    target: str = ""
    user: str = ""
    password: str = ""
    asserts_identity: bool = False

    @classmethod
    def of(cls, setup: Setup) -> "CarrierIdentity":
        tail, _socket, reached = way_to_carrier(setup)
        host, port = setup.trunk_address
        return cls(
            domain=setup.domain,
            # On every address of the machine, it is reached at each.
            reached=reached.replace("0.0.0.0", "127.0.0.1"),  # noqa: S104
            target=f"{host}:{port}{tail}" if setup.trunk else "",
            user=setup.trunk_user,
            password=setup.trunk_password,
            asserts_identity=setup.trunk_identity,
        )

    def contact(self) -> SipContact:
        """A new one: sippy writes the number into it."""
        return SipContact(address=SipAddress(url=SipURL(f"sip:{self.reached}"), hadbrace=True))

    def credentials(self, user: str) -> dict[str, str]:
        """For a call to this number; none for one to an account, which stays on this machine."""
        if not _is_number(user) or not self.user:
            return {}
        return {"username": self.user, "password": self.password}

    def headers(self, user: str, caller: str) -> dict[str, str]:
        """What a call to this number carries besides."""
        if not _is_number(user) or not self.asserts_identity:
            return {}
        host = self.domain if self.domain != NO_DOMAIN else self.target.partition(":")[0] or self.domain
        return {"P-Asserted-Identity": f"<sip:{caller}@{host}>"}

    def name_in(self, target: SipURL) -> None:
        """Write into the address of a request whom it goes to. To the carrier it is written as it leaves the edge: what
        is proved with the password is this address too."""
        if _is_number(target.username or "") and self.target:
            goes_to = SipURL(f"sip:{self.target}")
            target.host, target.port, target.transport = goes_to.host, goes_to.port, goes_to.transport
        else:
            target.host, target.port = self.domain, None


def _is_number(user: str) -> bool:
    return user.startswith("+")
