from django.urls import path

from quartier.public import home

urlpatterns = [path("", home.show, name="home")]
