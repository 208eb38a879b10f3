"""Tables and plots of what was measured: reads the lines in `bench/results`, writes into the docs."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
RESULTS, FIGURES, PICTURES = HERE / "results", HERE / "FIGURES.md", HERE.parent / "docs" / "pictures"
BEGIN, END = "<!-- from bench/results, by `quartier bench figures` -->", "<!-- end -->"
Line = dict[str, Any]
SOLVED = {
    "match": "The whole: volunteers laid out, candidates, plan, and a bound that holds for everybody.",
    "assign": "The same graph (32 candidates a request) for each solver; a peer's time is its solving alone.",
}
LISTED = {
    "topk": (
        "The best ten for one request, of `size` volunteers.",
        "database size solver p50_ms p95_ms p99_ms recall",
    ),
    "plan": (
        "Read from the product's tables, match, write the offers.",
        "database size seed offers read_s match_s write_s wall_s cpu_s rss_mb feasible",
    ),
    "schedule": (
        "The fewest offers with which anybody could keep the promise, by how likely a yes is.",
        "chance median_min served_1h offers_per_served",
    ),
    "agreement": (
        "One scenario played in both modes.",
        "scenario policy seed alike fast_served_24h true_served_24h fast_median_min true_median_min",
    ),
    "spring": (
        "Spring 2020 in the true mode with everything that lasts, and the bounds around what was published.",
        "policy seed what value least most ok",
    ),
}
BY_DAY = {"surge"}
INK, BLUE, RUST, GREEN, GREY = "#1f2a33", "#1f5fa8", "#b4511f", "#2f7d4f", "#8a949c"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-plots", action="store_true", help="only the tables")


def run(args: argparse.Namespace) -> Iterator[Line]:
    """One line: how many lines were read, and which files written."""
    lines = [
        json.loads(each) for file in sorted(RESULTS.glob("*.jsonl")) for each in file.read_text().splitlines()
    ]
    head, _begin, rest = FIGURES.read_text().partition(BEGIN)
    tail = rest.partition(END)[2]
    FIGURES.write_text(f"{head}{BEGIN}\n\n{tables(lines)}\n{END}{tail}")
    written = [FIGURES.name] if args.no_plots else [FIGURES.name, *plots(lines)]
    yield {"name": "figures", "lines": len(lines), "written": written}


def grouped(lines: Iterable[Line], *keys: str) -> dict[tuple[Any, ...], list[Line]]:
    """Lines that agree in these keys, in the order in which they first appear."""
    groups: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for line in lines:
        groups[tuple(line.get(key) for key in keys)].append(line)
    return groups


def middle(lines: list[Line], key: str) -> float | None:
    """The median over lines; `None` if none has the key."""
    values = [line[key] for line in lines if line.get(key) is not None]
    return median(values) if values else None


def said(value: Any, digits: int = 3) -> str:
    """A figure for a table."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.{digits}f}".rstrip("0").rstrip(".") or "0"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def table(columns: list[str], rows: Iterable[list[Any]]) -> str:
    body = "\n".join("| " + " | ".join(map(said, row)) + " |" for row in rows)
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n{body}\n"


def of(lines: list[Line], *names: str) -> list[Line]:
    return [line for line in lines if line["name"] in names]


def _solved(those: list[Line]) -> list[Any]:
    wall, cpu, most = middle(those, "wall_s"), middle(those, "cpu_s"), max(each["rss_mb"] for each in those)
    gap = said(100 * max(each["gap"] for each in those), 4)
    feasible = "yes" if all(each["feasible"] for each in those) else "no"
    return [len(those), wall, cpu, most, gap, middle(those, "unserved"), feasible]


def tables(lines: list[Line]) -> str:
    """Everything about the engine and the policies, as Markdown. Medians over the runs of one seed and of several."""
    parts = []
    for name, words in SOLVED.items():
        columns = ["size", "solver", "runs", "wall s", "CPU s", "MB", "largest gap %", "unserved", "feasible"]
        rows = [[*key, *_solved(those)] for key, those in grouped(of(lines, name), "size", "solver").items()]
        parts.append(f"### `{name}`\n{words}\n\n{table(columns, rows)}")
    for name, (words, columns) in LISTED.items():
        if found := of(lines, name):
            rows = [[line.get(column) for column in columns.split()] for line in found]
            parts.append(f"### `{name}`\n{words}\n\n{table(columns.split(), rows)}")
    policies = of(lines, "policy")
    if policies:
        columns = [
            "served_1h",
            "served_24h",
            "median_min",
            "p95_min",
            "offers_per_served",
            "messages_per_served",
            "quit",
            "gini_messages",
        ]
        rows = [
            [
                *key[:2],
                "held out" if key[2] else "tuning",
                len(those),
                *(middle(those, column) for column in columns),
            ]
            for key, those in grouped(policies, "scenario", "policy", "held_out").items()
        ]
        words = "Medians over seeds; those used for tuning stand apart from those held out."
        parts.append(
            f"### `policy`\n{words}\n\n{table(['scenario', 'policy', 'seeds', 'n', *columns], rows)}"
        )
    return "\n".join(parts)


def plots(lines: list[Line]) -> list[str]:
    """The pictures of docs/engine.md and docs/policy.md, as SVG."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none", "svg.hashsalt": "quartier", "font.family": "sans-serif", "font.size": 11,
            "axes.spines.top": False, "axes.spines.right": False, "text.color": INK, "axes.edgecolor": GREY,
            "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        }
    )  # fmt: skip
    drawn = [growth(of(lines, "match")), solvers(of(lines, "assign")), policies_plot(of(lines, "policy"))]
    return [name for name in drawn if name]


def _save(figure: Any, name: str) -> str:
    figure.savefig(PICTURES / name, bbox_inches="tight", metadata={"Date": None}, facecolor="white")
    return f"docs/pictures/{name}"


def growth(lines: list[Line]) -> str | None:
    """Seconds against volunteers, both logarithmic, with n log n through the smallest size."""
    import numpy as np
    from matplotlib import pyplot

    those = [line for line in lines if str(line["size"]).isdigit()]
    points = sorted((int(size), middle(group, "cpu_s")) for (size,), group in grouped(those, "size").items())
    if len(points) < 3:
        return None
    figure, axes = pyplot.subplots(figsize=(6.4, 3.8))
    n, seconds = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    line = n * np.log(n)
    axes.loglog(n, line * (seconds / line).max(), "--", color=GREY)
    axes.loglog(n, seconds, "o-", color=BLUE)
    axes.annotate(
        "n log n", (n[-2], line[-2] * (seconds / line).max()), (0, 8), textcoords="offset points", ha="right"
    )
    axes.annotate(
        "the engine", (n[-1], seconds[-1]), (-6, -16), textcoords="offset points", ha="right", color=BLUE
    )
    axes.set_xlabel("volunteers (and a tenth as many requests)")
    axes.set_ylabel("seconds of processor time")
    return _save(figure, "engine-growth.svg")


def solvers(lines: list[Line]) -> str | None:
    """Seconds of each solver on the same graph, by size."""
    from matplotlib import pyplot

    groups = grouped(lines, "size", "solver")
    sizes = [size for size in "SMLHX" if (size, "auction") in groups]
    if not sizes:
        return None
    names = [
        name
        for name in ("auction", "ortools", "highs", "scipy", "lap")
        if any((s, name) in groups for s in sizes)
    ]
    colours = dict(
        zip(("auction", "ortools", "highs", "scipy", "lap"), (BLUE, RUST, GREEN, GREY, INK), strict=True)
    )
    figure, axes = pyplot.subplots(figsize=(6.4, 3.8))
    for place, name in enumerate(names):
        at = [i for i, size in enumerate(sizes) if (size, name) in groups]
        tall = [max(1e-4, middle(groups[sizes[i], name], "wall_s") or 0) for i in at]
        shift = 0.16 * (place - (len(names) - 1) / 2)
        axes.bar([i + shift for i in at], tall, 0.15, color=colours[name], label=name)
    axes.set_yscale("log")
    axes.set_xticks(range(len(sizes)), sizes)
    axes.set_ylabel("seconds, logarithmic")
    axes.legend(frameon=False, ncols=len(names), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return _save(figure, "engine-solvers.svg")


def policies_plot(lines: list[Line]) -> str | None:
    """Offers for each served against the share served in time, by scenario; held-out seeds. In time is within the hour,
    and within a day where there are ten times too many requests."""
    from matplotlib import pyplot

    groups = grouped([line for line in lines if line.get("held_out")], "scenario", "policy")
    scenarios = list(dict.fromkeys(scenario for scenario, _policy in groups))
    if not scenarios:
        return None
    figure, axes = pyplot.subplots(
        1, len(scenarios), figsize=(3.2 * len(scenarios), 3.4), squeeze=False, sharey=True
    )
    for axis, scenario in zip(axes[0], scenarios, strict=True):
        for (named, policy), those in groups.items():
            if named == scenario:
                x = middle(those, "offers_per_served")
                y = 100 * (middle(those, "served_24h" if scenario in BY_DAY else "served_1h") or 0.0)
                axis.plot([x], [y], "o", color=BLUE if policy in {"adaptive", "waves"} else GREY)
                below = (8, -11) if policy == "waves" else (4, 6)
                axis.annotate(policy, (x, y), below, textcoords="offset points", fontsize=9)
        axis.set_xlim(0, 65)
        axis.set_ylim(0, 112)
        axis.set_yticks(range(0, 101, 20))
        axis.set_title(f"{scenario}, within {'a day' if scenario in BY_DAY else 'an hour'}", fontsize=11)
    figure.supxlabel("neighbours asked for each one helped", fontsize=11, y=-0.02)
    axes[0][0].set_ylabel("of 100 who asked, had somebody")
    return _save(figure, "policies.svg")
