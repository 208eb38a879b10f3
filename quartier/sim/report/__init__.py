"""The report of a replay: one HTML file that draws what happened, for somebody who would rather look than read."""

from quartier.sim.report.page import html

__all__ = ["html"]
