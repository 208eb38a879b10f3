from django.urls import path

from quartier.public import about, after, check, demo, home, leaving, objection, ours, privacy
from quartier.public.ask import pages as ask
from quartier.public.concern import pages as concern
from quartier.public.join import pages as join
from quartier.public.signing_in import everywhere, kept, own_passkeys, passkeys
from quartier.public.signing_in import pages as signing_in
from quartier.public.status import called, checks, lists, series, weekly, writing
from quartier.public.status import money as status_money
from quartier.public.status import pages as status

urlpatterns = [
    path("", home.show, name="home"),
    path("about/", about.show, name="about"),
    path("privacy/", privacy.show, name="privacy"),
    path("ask/", ask.start, name="ask"),
    path("ask/<slug:step>/", ask.step, name="ask_step"),
    path("status/<str:token>/", status.show, name="status"),
    path("status/<str:token>/close/", status.revoke, name="status_revoke"),
    path("status/<str:token>/told/", status.told, name="status_wishes"),
    path("status/<str:token>/tell/", status.tell, name="status_tell"),
    path("status/<str:token>/money/<uuid:expense_id>/", status_money.show, name="status_money"),
    path("status/<str:token>/receipt/<uuid:receipt_id>/", status_money.receipt, name="status_receipt"),
    path("status/<str:token>/wrong/", status.wrong, name="status_wrong"),
    path("objection/", objection.show, name="objection"),
    path("ours/", ours.show, name="ours"),
    path("concern/", concern.tell, name="concern"),
    path("concern/<str:token>/", concern.follow, name="concern_follow"),
    path("concern/<str:token>/trusted/", concern.trustee, name="concern_trustee"),
    path("concern/<str:token>/trusted/<uuid:audio_id>/", concern.trustee_sound, name="concern_trustee_sound"),
    path("status/<str:token>/<uuid:request_id>/time/", status.time, name="status_time"),
    path("status/<str:token>/<uuid:request_id>/list/", lists.show, name="status_list"),
    path("status/<str:token>/<uuid:request_id>/list.pdf", lists.sheet, name="status_sheet"),
    path("list.pdf", lists.empty, name="paper_list"),
    path("status/<str:token>/<uuid:request_id>/past/", status.past, name="status_past"),
    path("status/<str:token>/<uuid:request_id>/cancel/", status.cancel, name="status_cancel"),
    path("status/<str:token>/write/<uuid:assignment_id>/", writing.write, name="status_write"),
    path("status/<str:token>/called/", called.show, name="status_companion"),
    path("status/<str:token>/again/<uuid:series_id>/", series.show, name="status_series"),
    path("status/<str:token>/again/<uuid:series_id>/pause/", weekly.pause, name="status_pause"),
    path("status/<str:token>/again/<uuid:series_id>/list/", series.each_time, name="status_each_time"),
    path("status/<str:token>/<uuid:request_id>/again/", weekly.begin, name="status_again"),
    path("after/<str:token>/", after.show, name="after"),
    path("check/<str:token>/", check.show, name="check"),
    path("status/<str:token>/check-ins/", checks.show, name="status_checks"),
    path("offers/<str:token>/", leaving.no_more_offers, name="no_more_offers"),
    path("join/", join.start, name="join"),
    path("join/<slug:step>/", join.step, name="join_step"),
    path("sign-in/", signing_in.ask, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="sign_in_code"),
    path("sign-in/passkey/begin/", passkeys.begin, name="passkey_begin"),
    path("sign-in/passkey/finish/", passkeys.finish, name="passkey_finish"),
    path("passkey/begin/", passkeys.add_begin, name="passkey_add_begin"),
    path("passkey/code/", own_passkeys.confirm, name="passkey_code"),
    path("passkey/remove/", own_passkeys.remove, name="passkey_remove"),
    path("passkey/finish/", passkeys.add_finish, name="passkey_add_finish"),
    path("kept/", kept.show, name="kept"),
    path("sign-out/", signing_in.leave, name="sign_out"),
    path("sign-out/everywhere/", everywhere.sign_out_everywhere, name="sign_out_everywhere"),
    path("start/", signing_in.home_of_role, name="home_of_role"),
    path("demo/", demo.show, name="demo"),
]
