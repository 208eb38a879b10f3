"""The entrance for the web server: static files are answered at the door, everything else by Django."""

import os
import re
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI

from quartier.config import warming

# Gathered files carry a hash of their content in their name (see `config.static`), so they never change.
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")


def _with_static_files() -> ServeStaticASGI:
    """Not a middleware: one that is asynchronous makes each page change threads a dozen times."""
    gathered = Path(settings.STATIC_ROOT)
    served = ServeStaticASGI(
        get_asgi_application(),
        max_age=0 if settings.DEBUG else 60,
        allow_all_origins=False,
        autorefresh=settings.DEBUG,
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
    )
    prefix = settings.STATIC_URL.strip("/")
    if (gathered / "staticfiles.json").exists():
        served.add_files(str(gathered), prefix=prefix)
    else:
        # Before they are gathered (tests, an engineer's first page) they are served from where they lie.
        for finder in get_finders():
            for storage in getattr(finder, "storages", {}).values():
                served.add_files(str(storage.location), prefix=prefix)
    return served


application = _with_static_files()
warming.load_when_compiled()
