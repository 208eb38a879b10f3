"""The screens of the line: the bar on every page, the page of a call, callbacks, wallboard, settings."""
