"""The entrance for a web server with threads: every page but the live ones."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")
application = get_wsgi_application()
