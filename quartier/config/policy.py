"""Who may open what: every address by method by role. An address without a row is refused, and fails the tests.

A row's words are roles. `anyone` needs no sign-in. `scope` says which rows of the database the address shows,
and so what somebody with the right role but the wrong row gets (always "not found"):

`none`          no row about a person
`organisation`  rows of the actor's own organisation
`assigned`      only what this volunteer was offered or has accepted
`own`           only what is the actor's own
`token`         what the unguessable link in the address opens, and nothing else
`demo`          only on a demonstration, where every person is invented
"""

from dataclasses import dataclass, field

ANYONE = "anyone"
VOLUNTEER = "volunteer"
OPERATOR = "operator"
LISTENER = "listener"
COORDINATOR = "coordinator"
ADMIN = "admin"

EVERYBODY = frozenset({ANYONE})
SIGNED_IN = frozenset({VOLUNTEER, OPERATOR, LISTENER, COORDINATOR, ADMIN})
DESK = frozenset({OPERATOR, COORDINATOR, ADMIN})
COORDINATION = frozenset({COORDINATOR, ADMIN})
VOLUNTEERS = frozenset({VOLUNTEER})


@dataclass(frozen=True)
class Row:
    """What one address allows. `get` and `post`: roles; empty means that the method does not exist."""

    scope: str = "none"
    get: frozenset[str] = field(default_factory=frozenset)
    post: frozenset[str] = field(default_factory=frozenset)

    def roles(self, method: str) -> frozenset[str]:
        return self.get if method in {"GET", "HEAD"} else self.post if method == "POST" else frozenset()


POLICY: dict[str, Row] = {
    # Everybody
    "home": Row(get=EVERYBODY),
    "ask": Row(get=EVERYBODY, post=EVERYBODY),
    "ask_step": Row("own", get=EVERYBODY, post=EVERYBODY),
    "privacy": Row(get=EVERYBODY),
    "status": Row("token", get=EVERYBODY),
    "status_time": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_list": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_cancel": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_tell": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_revoke": Row("token", get=EVERYBODY, post=EVERYBODY),
    "look": Row("demo", get=EVERYBODY),
    # Signing in and out
    # Volunteers
    "offer_link": Row("token", get=EVERYBODY, post=EVERYBODY),
    "volunteer_home": Row("own", get=VOLUNTEERS),
    "volunteer_edit": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_pause": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_resume": Row("own", post=VOLUNTEERS),
    "volunteer_leave": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    # Team: the console
    # Demonstration: only where every person is invented
    # Live pages: the view itself scopes the topics.
    "live": Row("organisation", get=EVERYBODY),
}
