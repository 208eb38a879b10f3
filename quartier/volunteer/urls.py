from django.urls import path

from quartier.volunteer import edit, home, leave, offer, pause

urlpatterns = [
    path("", home.show, name="volunteer_home"),
    path("edit/", edit.show, name="volunteer_edit"),
    path("pause/", pause.pause, name="volunteer_pause"),
    path("resume/", pause.resume, name="volunteer_resume"),
    path("leave/", leave.show, name="volunteer_leave"),
    path("offer/<str:token>/", offer.show, name="offer_link"),
]
