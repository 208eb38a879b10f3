from django.urls import path

from quartier.public import home, privacy
from quartier.public.ask import pages as ask
from quartier.public.status import pages as status

urlpatterns = [
    path("", home.show, name="home"),
    path("privacy/", privacy.show, name="privacy"),
    path("ask/", ask.start, name="ask"),
    path("ask/<slug:step>/", ask.step, name="ask_step"),
    path("status/<str:token>/", status.show, name="status"),
    path("status/<str:token>/close/", status.revoke, name="status_revoke"),
    path("status/<str:token>/tell/", status.tell, name="status_tell"),
    path("status/<str:token>/<uuid:request_id>/time/", status.time, name="status_time"),
    path("status/<str:token>/<uuid:request_id>/list/", status.details, name="status_list"),
    path("status/<str:token>/<uuid:request_id>/cancel/", status.cancel, name="status_cancel"),
]
