"""A small run of the kill test; the long ones are `quartier bench chaos` in CI and at night."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import NoPostgres, programs

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.servers
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost(database, tmp_path):
    if database == "postgresql":
        try:
            programs()
        except NoPostgres as missing:
            pytest.skip(str(missing))
    log = tmp_path / "log"
    words = ["bench", "chaos", "--kills", "6", "--database", database, "--json", "--keep-log", str(log)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUARTIER_")}
    done = subprocess.run(
        [sys.executable, "-m", "quartier", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = log.read_text()[-3000:] if log.exists() else ""
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}\n{said}"
    result = json.loads(done.stdout)
    wanted = {"kills": 6, "lost": 0, "doubled": 0, "undelivered": 0, "ok": True, "database": database}
    assert {name: result[name] for name in wanted} == wanted
    assert result["extra_copies"] <= result["kills"]
    assert result["acknowledged"] > 0
