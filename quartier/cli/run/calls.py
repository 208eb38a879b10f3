"""The children that answer the phone line: the servers with their generated configuration, and call control."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from quartier.cli.run.answers import core_answers, media_answers
from quartier.cli.run.parent import Child
from quartier.cli.suite import packages
from quartier.telephony.providers.sip import setup as line

EXTRA = "quartier[line]"
# Call control that stands still leaves every caller in silence; ended, it loses every call. Three answers that are late
# on a busy machine are not that.
CORE_HANGS_AFTER_S = 20.0


def lacking() -> list[str]:
    """Debian packages that are missing, or the extra of our own. Needs no Django."""
    without = [] if packages.has_kamailio() else list(packages.KAMAILIO)
    for program, package in (("rtpengine", "rtpengine-daemon"), ("espeak-ng", "espeak-ng")):
        if not packages.has_program(program):
            without.append(package)
    if not without and find_spec("sippy") is None:
        return [EXTRA]
    return without


def missing() -> str:
    """What to install first, in the language of the terminal; empty when everything is there."""
    from django.utils.translation import gettext as _

    without = lacking()
    if without == [EXTRA]:
        return _("The phone line needs its Python part: install quartier[line].")
    if without:
        return _("The phone line needs programs that are not here. On Debian: apt install {packages}").format(
            packages=" ".join(without)
        )
    return ""


def websocket() -> str:
    """What browsers of operators connect to."""
    return _setup().websocket_url


def children(pages: str) -> list[Child]:
    """In the order in which they are needed. `pages`: the address of the web processes."""
    from quartier.telephony.desk import pulse

    setup = _setup()
    files = line.write(setup)
    # From now on it is missed, also where it does not even begin.
    pulse.beat(setup.home)
    home = str(setup.home)
    # Of the 256 MB only what is needed is used: some 80 KB a browser that is registered and rung.
    kamailio = ["-DD", "-E", "-Y", home, "-P", f"{home}/kamailio.pid", "-m", "256", "-M", "8"]
    found = [
        _server(
            "rtpengine",
            setup,
            ["--config-file", str(files["rtpengine"])],
            answers=partial(media_answers, setup.ng_port),
        ),
        _server("kamailio", setup, [*kamailio, "-f", str(files["kamailio"])]),
    ]
    if setup.turn and packages.has_program("turnserver"):
        found.append(_server("turnserver", setup, ["-c", str(files["turnserver"])]))
    core = Child(
        "callcore",
        ["callcore", "--pages", pages],
        record=setup.home / "callcore.process",
        answers=partial(core_answers, setup.callcore_port),
        hangs_after_s=CORE_HANGS_AFTER_S,
    )
    return [*found, core]


def _server(
    name: str, setup: line.Setup, words: list[str], answers: Callable[[], bool] | None = None
) -> Child:
    record = setup.home / f"{name}.process"
    return Child(name, words, program=packages.program(name), record=record, answers=answers)


def _setup() -> line.Setup:
    from django.conf import settings

    installation = settings.INSTALLATION
    return line.Setup.of(installation.home, installation.line, installation.origin)
