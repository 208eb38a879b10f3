"""Which version of the program this is."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """As `pyproject.toml` says it: of the folder that the program runs from, else of the package that is installed."""
    project = Path(__file__).resolve().parents[2] / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("quartier")
