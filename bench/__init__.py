"""Benchmarks: `quartier bench NAME`. The protocol and the figures are in README.md beside this file."""

# Modules of this folder with `add_arguments(parser)` and `run(args)`; they import models only once Django runs.
BENCHMARKS = (
    "match",
    "topk",
    "plan",
    "policy",
    "agreement",
    "spring",
    "schedule",
    "wave",
    "pages",
    "mix",
    "race",
    "chaos",
    "post",
    "line",
    "ways",
    "hostile",
    "idle",
)
# What draws what was measured.
DRAWN = ("figures",)
