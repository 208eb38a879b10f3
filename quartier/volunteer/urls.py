from django.urls import path

from quartier.volunteer import (
    alone,
    appeal,
    calendar,
    chats,
    edit,
    home,
    impact,
    leave,
    money,
    offer,
    pause,
    reach,
    regular,
    standing,
    training,
)
from quartier.volunteer.app import frame, push
from quartier.volunteer.listen import instead, one, people, refer

urlpatterns = [
    path("", home.show, name="volunteer_home"),
    path("impact/", impact.show, name="volunteer_impact"),
    path("edit/", edit.show, name="volunteer_edit"),
    path("reach/", reach.show, name="volunteer_reach"),
    path("pause/", pause.pause, name="volunteer_pause"),
    path("stay/", pause.stay, name="volunteer_stay"),
    path("resume/", pause.resume, name="volunteer_resume"),
    path("each-time/<uuid:regular_id>/", regular.show, name="volunteer_regular"),
    path("listen/", people.show, name="listen"),
    path("listen/<uuid:pairing_id>/", one.show, name="listen_pairing"),
    path("listen/<uuid:pairing_id>/services/", refer.show, name="listen_services"),
    path("listen/instead/<uuid:stand_in_id>/", instead.show, name="listen_instead"),
    path("training/", training.show, name="volunteer_training"),
    path("leave/", leave.show, name="volunteer_leave"),
    path("chats/", chats.show, name="volunteer_chats"),
    path("standing/", standing.show, name="volunteer_standing"),
    path("word/", alone.own_word, name="volunteer_word"),
    path("push/", push.act, name="push"),
    path("away/", frame.away, name="volunteer_away"),
    path("app.webmanifest", frame.manifest, name="manifest"),
    path("calendar/", calendar.act, name="volunteer_calendar_act"),
    path("calendar/<str:token>.ics", calendar.feed, name="volunteer_calendar"),
    path("asked/<str:token>/", appeal.show, name="appeal_link"),
    path("offer/<str:token>/", offer.show, name="offer_link"),
    path("offer/<str:token>/receipt/<uuid:receipt_id>/", money.picture, name="offer_receipt"),
]
