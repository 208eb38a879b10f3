from django.urls import path

from quartier.public import home, status
from quartier.public.ask import pages as ask

urlpatterns = [
    path("", home.show, name="home"),
    path("ask/", ask.start, name="ask"),
    path("ask/<slug:step>/", ask.step, name="ask_step"),
    path("status/<str:token>/", status.show, name="status"),
]
