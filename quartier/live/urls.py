from django.urls import path

from quartier.live.stream import live

urlpatterns = [path("", live, name="live")]
