"""The folder of a demonstration, and what is in it before the first page."""

import tomllib
from datetime import time
from pathlib import Path

HEAD = "# A demonstration: every person in it is invented, and whoever opens it may see everything.\ndemo = true\n"


def is_ours(home: Path) -> bool:
    """Whether the folder is empty or holds a demonstration, and so may be thrown away."""
    file = home / "quartier.toml"
    if file.exists():
        return tomllib.loads(file.read_text(encoding="utf-8")).get("demo") is True
    return not any(home.iterdir())


def write(home: Path) -> None:
    """Write the file with fresh keys, unless it is there."""
    from quartier.cli.init import file
    from quartier.cli.init.questions import Answers

    path = home / "quartier.toml"
    if path.exists():
        return
    answers = Answers("Quartier", ["fr"], "BE", "", "quartier@example.org")
    file.write(path, file.new_keys(), answers, database=None, mail="sandbox:", origin="", head=HEAD)


def make_ready(*, with_calls: bool = False) -> bool:
    """Tables, places, the organisation and its team; its line is open at any hour. True when people are still to be
    added."""
    from django.conf import settings

    from quartier.cli.demo import FILLING
    from quartier.cli.run import ready
    from quartier.lib import clock
    from quartier.sim import filling
    from quartier.sim.showing.duty_week import plan_week
    from quartier.team import actions as team
    from quartier.team.models import Organisation

    ready.prepare()
    filling_now = Path(settings.INSTALLATION.home) / FILLING
    if not Organisation.objects.exists():
        filling_now.touch()
        plan_week(filling.found(clock.now()))
    if with_calls:
        here = Organisation.objects.order_by("created_at").get()
        team.change_opening_hours(organisation=here, opens=time(0), closes=time(23, 59, 59))
    return filling_now.exists()


def welcome(site: str, *, fresh: bool, with_calls: bool = False) -> str:
    """What the terminal says once the first page answers."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from quartier.sim import filling

    lines = [
        f"Ready: {site}/",
        "",
        _("Sign in with one click: {address}").format(address=f"{site}{reverse('demo')}"),
    ]
    said = {
        "admin": _("Administrator"),
        "coordinator": _("Coordinator"),
        "operator": _("Operator"),
    }
    lines += [f"  {said[roles[0]]}: {name}, {email}" for name, email, _language, roles in filling.TEAM]
    lines.append(f"  {_('Volunteer')}: {filling.VOLUNTEER[0]}, {filling.VOLUNTEER[1]}")
    lines.append(_("Every phone and mailbox: {address}").format(address=f"{site}{reverse('sandbox')}"))
    if with_calls:
        lines += [
            "",
            _(
                "The line rings now and then. Sign in as operator, choose “Take calls” and allow the microphone."
            ),
        ]
    if fresh:
        lines += [
            "",
            _("Invented people are being added; this takes a minute or two. It can be used meanwhile."),
        ]
    lines += ["", _("Ctrl+C ends it. What is there is kept for the next time.")]
    return "\n".join(lines)
