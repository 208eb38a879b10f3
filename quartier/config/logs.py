"""What strangers can make us write into the log: one line for each, never a traceback."""

import logging

# Bodies that Django refuses to read, as the loggers of `django.security` name them.
REFUSED_BODY_LOGGERS = ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")


class WithoutTraceback(logging.Filter):
    """A warning of one line in place of an error with the way to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
