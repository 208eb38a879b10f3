"""What a process reads before it has done anything: each of an installation's pays for it, in time and in memory."""

import subprocess
import sys

from quartier.cli.suite import ROOT

# Read by whoever plans, prints, answers a calendar or speaks to PostgreSQL, when they do.
SELDOM = ("numba", "fpdf", "icalendar", "psycopg")
ALL_PAGES = """
import sys
import django
django.setup()
import quartier.config.urls
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_what_is_heavy_and_seldom_needed_is_not_read_at_the_start(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ALL_PAGES, *SELDOM],
        env={"DJANGO_SETTINGS_MODULE": "quartier.config.settings", "QUARTIER_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split() == []
