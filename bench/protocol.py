"""How every benchmark measures and reports, so that lines of different days can stand beside each other."""

import os
import time
from collections.abc import Callable
from typing import Any

from quartier.config import installation


def start_django() -> None:
    """Read the installation that the environment names, and make its tables and gazetteer."""
    keys = {"QUARTIER_SECRET_KEY": "bench", "QUARTIER_FIELD_KEYS": f"k1:{installation.new_key()}"}
    for name, value in {**keys, "QUARTIER_INDEX_KEY": installation.new_key(), "QUARTIER_DEMO": "1"}.items():
        os.environ.setdefault(name, value)
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"
    import django

    from quartier.lib import catalogues

    catalogues.compile_all()
    django.setup()
    from quartier.lib import tables

    tables.make()
    from quartier.places import actions as places

    places.load_shipped(country="BE")


def percentile(sorted_ms: list[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    return sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))]


def line(name: str, database: str, size: int, took_ms: list[float], **more: Any) -> dict[str, Any]:
    """One line: how many measurements, their middle and their slow ends in milliseconds, and how many a second."""
    ranked = sorted(took_ms)
    total_s = sum(ranked) / 1000
    return {
        "name": name,
        "database": database,
        "size": size,
        "n": len(ranked),
        "p50_ms": round(percentile(ranked, 0.50), 3),
        "p95_ms": round(percentile(ranked, 0.95), 3),
        "p99_ms": round(percentile(ranked, 0.99), 3),
        "per_s": round(len(ranked) / total_s, 1) if total_s else 0.0,
        "errors": 0,
        **more,
    }


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """How long a call takes, in milliseconds, and what it gives."""
    start = time.perf_counter()
    result = what()
    return (time.perf_counter() - start) * 1000, result
