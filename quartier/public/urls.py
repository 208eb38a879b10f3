from django.urls import path

from quartier.public import home, status

urlpatterns = [
    path("", home.show, name="home"),
    path("status/<str:token>/", status.show, name="status"),
]
