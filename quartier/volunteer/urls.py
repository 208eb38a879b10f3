from django.urls import path

from quartier.volunteer import offer

urlpatterns = [
    path("offer/<str:token>/", offer.show, name="offer_link"),
]
