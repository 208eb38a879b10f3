"""Every address of the installation. What people read carries its language first: `/fr/…`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from quartier.config import errors, health
from quartier.public import hooks, whose

urlpatterns = [
    path("health", health.show, name="health"),
    path("live/", include("quartier.live.urls")),
    path("hooks/<slug:name>/", hooks.take, name="hook"),
    path("whose/<slug:question>/", whose.show, name="whose"),
    path("", include("quartier.volunteer.app.urls")),
    *i18n_patterns(
        path("", include("quartier.public.urls")),
        path("console/", include("quartier.console.urls")),
        path("volunteer/", include("quartier.volunteer.urls")),
        path("look/", include("quartier.look.urls")),
    ),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
