"""A whole installation with its phone line, on loopback: pages, worker, Kamailio, rtpengine, call control."""

import atexit
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.ports import free_port, sound_ports
from tests.site import Site, running

NUMBER = "+3280000020"
# On a busy machine call control may have looked at pages that had just begun: it promises a call to who rings then.
PAGES_GONE, PAGES_BACK, PAGES_PATIENCE_S = "the pages do not answer", "the pages answer again", 60
# Somebody helps somebody, and may call them as long as the visit goes on.
MASKED = """
from datetime import timedelta
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.people import actions
from quartier.people.actions import Who
from quartier.team.models import Organisation
from quartier.telephony.actions import open_masked
here = Organisation.objects.get()
def person(name, phone):
    return actions.record_person(organisation=here, who=Who(name, phone=phone, language="fr", channel="call"))
now = clock.now()
open_masked(
    organisation=here, helper=person("Youssef", "+32470000002"), helped=person("Marie", "{helped}"), about=uuid7(),
    at=now, until=now + timedelta(hours=2))
"""


@dataclass(frozen=True)
class LineSite:
    """`sip`: where callers dial; `trunk`: where the line's own calls go out to."""

    site: Site
    sip: int
    trunk: int
    ports: dict[str, int]
    # Cookies of who has signed in, by name: codes are not given without end.
    signed_in: dict[str, Any] = field(default_factory=dict)
    # Who sits at a page right now.
    desks: list[Any] = field(default_factory=list)

    def ask(self, expression: str) -> Any:
        """What the database says: an expression over the models of the line."""
        words = "import json\nfrom quartier.telephony.models import *\n"
        words += f"print('said', json.dumps({expression}, default=str))"
        return json.loads(self.site.shell(words).split("said ", 1)[1])

    def calls(self) -> list[dict[str, Any]]:
        """All calls, the newest last."""
        fields = "'id','direction','state','outcome','language','talked_s','waited_s','operator_id'"
        return list(self.ask(f"list(Call.objects.order_by('began_at').values({fields}))"))

    def callbacks(self) -> list[dict[str, Any]]:
        """The callback list, the oldest first."""
        return list(
            self.ask(
                "list(Callback.objects.order_by('wanted_at').values('id','why','state','tries','call_id'))"
            )
        )

    def requests(self) -> int:
        """How many requests neighbours have been looked for, or a human was."""
        found = self.site.shell(
            "from quartier.cases.models import Request; print('said', Request.objects.count())",
        )
        return int(found.split("said ", 1)[1])

    def wait_until(self, what: Callable[[], bool], patience_s: float) -> None:
        """Raises `TimeoutError` when it does not come true. The last one of a list may not be there yet."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            with suppress(IndexError):
                if what():
                    return
            time.sleep(0.3)
        raise TimeoutError

    @property
    def log(self) -> str:
        file = self.site.home / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    @property
    def uri(self) -> str:
        return f"sip:{NUMBER}@127.0.0.1:{self.sip}"


@contextmanager
def line_running(
    *,
    trunk: int | None = None,
    database: str = "",
    rtp: tuple[int, int] | None = None,
    environ: dict[str, str] | None = None,
    demo: bool = True,
    words: tuple[str, ...] = ("--processes", "1"),
) -> Iterator[LineSite]:
    """`quartier run --with-calls`, with ports of its own. `trunk`: the port of whoever is called by the line; `rtp`:
    ports for sound, four for each leg; `environ`: more settings; `words`: more of them for `quartier run`."""
    names = ("sip_port", "ws_port", "callcore_port", "ng_port", "keys_port")
    ports = {name: free_port() for name in names}
    out = trunk or free_port()
    rtp = rtp or sound_ports()
    settings = {
        **{f"QUARTIER_LINE_{name.upper()}": str(port) for name, port in ports.items()},
        "QUARTIER_LINE_TRUNK": f"127.0.0.1:{out}",
        "QUARTIER_LINE_TRUNK_SOURCES": "127.0.0.1",
        "QUARTIER_LINE_RTP_FROM": str(rtp[0]),
        "QUARTIER_LINE_RTP_UNTIL": str(rtp[1]),
        **(environ or {}),
    }
    with running(
        database=database, demo=demo, words=("--with-calls", *words), environ=settings, seed=_prompt_cache()
    ) as site:
        try:
            made = LineSite(site, ports["sip_port"], out, ports)
            made.wait_until(
                lambda: made.log.count(PAGES_GONE) == made.log.count(PAGES_BACK), PAGES_PATIENCE_S
            )
            yield made
        finally:
            _keep_prompts(site.home)


@cache
def _prompt_cache() -> Path:
    """Prompts that earlier installations of this run have spoken: each costs ten seconds of a core otherwise."""
    folder = Path(tempfile.mkdtemp(prefix="quartier-prompts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _keep_prompts(home: Path) -> None:
    """Take over the prompts that this installation has spoken; a file's name says everything that is in it."""
    kept = _prompt_cache() / "line" / "prompts"
    kept.mkdir(parents=True, exist_ok=True)
    for spoken in (home / "line" / "prompts").glob("*.wav"):
        if not (kept / spoken.name).exists():
            shutil.copy2(spoken, kept)
