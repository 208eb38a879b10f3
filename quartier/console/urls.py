from django.urls import path

from quartier.console import (
    asking,
    board,
    case_page,
    map_page,
    request_page,
    sandbox,
    search,
    volunteer_page,
    volunteers,
    what_if,
)
from quartier.console.intake import page, saving

urlpatterns = [
    path("", board.show, name="board"),
    path("requests/<uuid:request_id>/", request_page.show, name="request_page"),
    path("requests/<uuid:request_id>/do/", request_page.act, name="request_act"),
    path("requests/<uuid:request_id>/close/", request_page.close, name="request_close"),
    path("cases/<uuid:case_id>/", case_page.show, name="case_page"),
    path("cases/<uuid:case_id>/do/", case_page.act, name="case_act"),
    path("cases/<uuid:case_id>/merge/", case_page.merge, name="case_merge"),
    path("take/", page.start, name="intake"),
    path("take/places/", saving.places, name="intake_places"),
    path("take/<uuid:draft_id>/", page.show, name="intake_page"),
    path("take/<uuid:draft_id>/save/", saving.save, name="intake_save"),
    path("take/<uuid:draft_id>/known/", saving.known, name="intake_beside"),
    path("take/<uuid:draft_id>/drop/", page.drop, name="intake_drop"),
    path("take/<uuid:draft_id>/done/", page.done, name="intake_done"),
    path("volunteers/", volunteers.show, name="volunteers"),
    path("volunteers/<uuid:volunteer_id>/", volunteer_page.show, name="volunteer_page"),
    path("volunteers/<uuid:volunteer_id>/do/", volunteer_page.act, name="volunteer_act"),
    path("search/", search.show, name="search"),
    path("map/", map_page.show, name="map"),
    path("map/areas/", map_page.data, name="map_data"),
    path("what-if/", what_if.show, name="what_if"),
    path("asking/", asking.show, name="asking"),
    path("sandbox/", sandbox.show, name="sandbox"),
    path("sandbox/<uuid:person_id>/", sandbox.box, name="sandbox_box"),
]
