"""The children that answer the phone line: the servers with their generated configuration, and call control."""

import shutil

from quartier.cli.run.parent import Child
from quartier.telephony.providers.sip import setup as line

PROGRAMS = {"kamailio": "kamailio", "rtpengine": "rtpengine-daemon"}


def missing() -> str:
    """What to install first, in the language of the terminal; empty when everything is there."""
    from django.utils.translation import gettext as _

    without = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if without:
        return _("The phone line needs programs that are not here. On Debian: apt install {packages}").format(
            packages=" ".join(without)
        )
    try:
        import sippy  # noqa: F401
    except ImportError:
        return _("The phone line needs its Python part: install quartier[line].")
    return ""


def websocket() -> str:
    """What browsers of operators connect to."""
    return _setup().websocket_url


def children(pages: str) -> list[Child]:
    """In the order in which they are needed. `pages`: the address of the web processes."""
    setup = _setup()
    files = line.write(setup)
    home = str(setup.home)
    kamailio = ["-DD", "-E", "-Y", home, "-P", f"{home}/kamailio.pid", "-m", "64", "-M", "8"]
    found = [
        Child("rtpengine", ["--config-file", str(files["rtpengine"])], program="rtpengine"),
        Child("kamailio", [*kamailio, "-f", str(files["kamailio"])], program="kamailio"),
    ]
    if setup.turn and shutil.which("turnserver"):
        found.append(Child("turnserver", ["-c", str(files["turnserver"])], program="turnserver"))
    return [*found, Child("callcore", ["callcore", "--pages", pages])]


def _setup() -> line.Setup:
    from django.conf import settings

    installation = settings.INSTALLATION
    return line.Setup.of(installation.home, installation.line, installation.origin)
