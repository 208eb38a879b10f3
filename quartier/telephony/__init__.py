"""The line: calls, who is rung, callbacks, messages left, and the call control that runs beside the web."""
