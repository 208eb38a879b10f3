"""What root compiles for the user that runs the program, that user can read, whatever the umask is."""

import stat

from quartier.cli import compile as compiling


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_compiled_can_be_read_by_who_runs_it(tmp_path):
    open_to_all = tmp_path / "room"
    (open_to_all / "__pycache__").mkdir(parents=True)
    (open_to_all / "__pycache__").chmod(0o700)
    for name in ("a.cpython-313.pyc", "engine.nbi"):
        (open_to_all / "__pycache__" / name).touch(0o600)
    (open_to_all / "own.toml").touch(0o600)
    open_to_all.chmod(0o755)
    closed = tmp_path / "closed"
    (closed / "__pycache__").mkdir(parents=True)
    (closed / "__pycache__" / "b.pyc").touch(0o600)
    closed.chmod(0o700)
    compiling.open_to_readers(tmp_path)
    assert _mode(open_to_all / "__pycache__") == 0o755
    assert {_mode(each) for each in (open_to_all / "__pycache__").iterdir()} == {0o644}
    # Nothing but what was compiled, and nothing in a folder that is closed.
    assert _mode(open_to_all / "own.toml") == 0o600
    assert _mode(closed / "__pycache__" / "b.pyc") == 0o600
