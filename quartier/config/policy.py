"""Who may open what: every address by method by role. An address without a row is refused, and fails the tests.

A row's words are roles. `anyone` needs no sign-in. `scope` says which rows of the database the address shows,
and so what somebody with the right role but the wrong row gets (always "not found"):

`none`          no row about a person
`organisation`  rows of the actor's own organisation
`assigned`      only what this volunteer was offered or has accepted
`own`           only what is the actor's own
`token`         what the unguessable link in the address opens, and nothing else
`demo`          only on a demonstration, where every person is invented
"""

from dataclasses import dataclass, field

ANYONE = "anyone"
VOLUNTEER = "volunteer"
OPERATOR = "operator"
LISTENER = "listener"
SUPERVISOR = "supervisor"
COORDINATOR = "coordinator"
ADMIN = "admin"

EVERYBODY = frozenset({ANYONE})
SIGNED_IN = frozenset({VOLUNTEER, OPERATOR, LISTENER, SUPERVISOR, COORDINATOR, ADMIN})
DESK = frozenset({OPERATOR, COORDINATOR, ADMIN})
COORDINATION = frozenset({COORDINATOR, ADMIN})
HEADS = frozenset({ADMIN})
VOLUNTEERS = frozenset({VOLUNTEER})
LISTENERS = frozenset({LISTENER})
SUPERVISORS = frozenset({SUPERVISOR})
PROGRAMME = frozenset({SUPERVISOR, COORDINATOR, ADMIN})


@dataclass(frozen=True)
class Row:
    """What one address allows. `get` and `post`: roles; empty means that the method does not exist."""

    scope: str = "none"
    get: frozenset[str] = field(default_factory=frozenset)
    post: frozenset[str] = field(default_factory=frozenset)

    def roles(self, method: str) -> frozenset[str]:
        return self.get if method in {"GET", "HEAD"} else self.post if method == "POST" else frozenset()


POLICY: dict[str, Row] = {
    # Everybody
    "home": Row(get=EVERYBODY),
    "ask": Row(get=EVERYBODY, post=EVERYBODY),
    "ask_step": Row("own", get=EVERYBODY, post=EVERYBODY),
    "privacy": Row(get=EVERYBODY),
    "about": Row(get=EVERYBODY),
    "status": Row("token", get=EVERYBODY),
    "status_time": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_list": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_series": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_pause": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_each_time": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_again": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_companion": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_past": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_cancel": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_write": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_tell": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_wrong": Row("token", get=EVERYBODY, post=EVERYBODY),
    # Somebody is worried: anybody, without signing in; how it stands, by the link of whoever raised it or is trusted.
    "objection": Row(get=EVERYBODY, post=EVERYBODY),
    "ours": Row(get=EVERYBODY, post=EVERYBODY),
    "concern": Row(get=EVERYBODY, post=EVERYBODY),
    "concern_follow": Row("token", get=EVERYBODY),
    "concern_trustee": Row("token", get=EVERYBODY, post=EVERYBODY),
    "concern_trustee_sound": Row("token", get=EVERYBODY),
    "status_wishes": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_revoke": Row("token", get=EVERYBODY, post=EVERYBODY),
    # The list on paper.
    "status_sheet": Row("token", get=EVERYBODY),
    "paper_list": Row(get=EVERYBODY),
    # Money: is it right, the receipt, where it can be transferred to.
    "status_money": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_receipt": Row("token", get=EVERYBODY),
    # How it was, after a visit.
    "after": Row("token", get=EVERYBODY, post=EVERYBODY),
    # Are you well? And the list of those who are asked, on their own page.
    "check": Row("token", get=EVERYBODY, post=EVERYBODY),
    "status_checks": Row("token", get=EVERYBODY, post=EVERYBODY),
    # No more offers by mail, by the key in a mail.
    "no_more_offers": Row("token", get=EVERYBODY, post=EVERYBODY),
    "look": Row("demo", get=EVERYBODY),
    "join": Row(get=EVERYBODY, post=EVERYBODY),
    "join_step": Row("own", get=EVERYBODY, post=EVERYBODY),
    # Signing in and out
    "sign_in": Row(get=EVERYBODY, post=EVERYBODY),
    "sign_in_code": Row(get=EVERYBODY, post=EVERYBODY),
    "passkey_begin": Row(post=EVERYBODY),
    "passkey_finish": Row(post=EVERYBODY),
    "passkey_add_begin": Row("own", post=SIGNED_IN),
    "passkey_add_finish": Row("own", post=SIGNED_IN),
    "kept": Row("own", get=SIGNED_IN),
    "sign_out": Row(post=EVERYBODY),
    "sign_out_everywhere": Row("own", get=SIGNED_IN, post=SIGNED_IN),
    "passkey_code": Row("own", get=SIGNED_IN, post=SIGNED_IN),
    "passkey_remove": Row("own", post=SIGNED_IN),
    "home_of_role": Row(get=SIGNED_IN),
    # Volunteers
    "offer_link": Row("token", get=EVERYBODY, post=EVERYBODY),
    # Words to the other one of a visit, and theirs, as long as it goes on.
    "offer_write": Row("token", get=EVERYBODY, post=EVERYBODY),
    # What an appeal asks one volunteer.
    "appeal_link": Row("token", get=EVERYBODY, post=EVERYBODY),
    # The photograph of a receipt, for who took it: a page with its way back, and the photograph in it.
    "offer_receipt": Row("token", get=EVERYBODY),
    "offer_receipt_photo": Row("token", get=EVERYBODY),
    "volunteer_home": Row("own", get=VOLUNTEERS),
    "volunteer_days": Row("own", get=VOLUNTEERS),
    "volunteer_impact": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_edit": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_training": Row("own", get=VOLUNTEERS),
    "volunteer_standing": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_word": Row("own", post=VOLUNTEERS),
    "volunteer_pause": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_resume": Row("own", post=VOLUNTEERS),
    "volunteer_stay": Row("own", post=VOLUNTEERS),
    "volunteer_reach": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_calendar": Row("token", get=EVERYBODY),
    "volunteer_calendar_act": Row("own", post=VOLUNTEERS),
    "volunteer_regular": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_chats": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    "volunteer_leave": Row("own", get=VOLUNTEERS, post=VOLUNTEERS),
    # Thanks to whoever has just left: they have no role any more, and it shows what their session keeps.
    "volunteer_left": Row(get=EVERYBODY),
    "volunteer_travel": Row("own", post=VOLUNTEERS),
    # A question as an example: no row of anybody, and nothing is kept.
    "rehearsal": Row(get=EVERYBODY, post=EVERYBODY),
    # The app: no row about anybody, but for what a browser says of itself, by an address that only it knows.
    "worker": Row(get=EVERYBODY),
    "manifest": Row(get=EVERYBODY),
    "volunteer_away": Row(get=EVERYBODY),
    "push": Row("own", post=SIGNED_IN),
    "push_renew": Row("token", post=EVERYBODY),
    # Team: the console. Whoever answers the line may take requests, ask volunteers and say what they heard;
    # what ends something for somebody (closing, merging, suspending) is a coordinator's.
    "board": Row("organisation", get=DESK),
    "request_page": Row("organisation", get=DESK),
    "request_candidates": Row("organisation", get=DESK),
    "request_act": Row("organisation", post=DESK),
    "request_close": Row("organisation", post=COORDINATION),
    "series_begin": Row("organisation", get=DESK, post=DESK),
    "series": Row("organisation", get=DESK),
    "series_act": Row("organisation", post=DESK),
    "case_page": Row("organisation", get=DESK),
    "case_act": Row("organisation", post=DESK),
    "case_died": Row("organisation", post=COORDINATION),
    "case_merge": Row("organisation", get=COORDINATION, post=COORDINATION),
    "intake": Row("own", get=DESK, post=DESK),
    "intake_page": Row("own", get=DESK, post=DESK),
    "intake_save": Row("own", post=DESK),
    "intake_beside": Row("own", post=DESK),
    "intake_places": Row(post=DESK),
    "intake_done": Row("own", get=DESK),
    "intake_drop": Row("own", post=DESK),
    "volunteers": Row("organisation", get=DESK),
    "volunteer_page": Row("organisation", get=DESK),
    "volunteer_act": Row("organisation", post=COORDINATION),
    # What the team has seen of a volunteer is written down by those who coordinate; whether levels count is the head's.
    "volunteer_trust": Row("organisation", post=COORDINATION),
    "blocks": Row("organisation", get=COORDINATION),
    "blocks_act": Row("organisation", post=COORDINATION),
    "levels": Row("organisation", get=DESK, post=HEADS),
    # What somebody says on the phone of how and when to be told things.
    "volunteer_wishes": Row("organisation", get=DESK, post=DESK),
    # Who is on duty: everybody of the team reads it, and says when they are away themselves.
    "duty": Row("organisation", get=DESK),
    "duty_shift_new": Row("organisation", get=COORDINATION, post=COORDINATION),
    "duty_shift": Row("organisation", get=COORDINATION, post=COORDINATION),
    "duty_away": Row("organisation", get=DESK, post=DESK),
    "duty_back": Row("organisation", post=DESK),
    "search": Row("organisation", get=DESK, post=DESK),
    "map": Row("organisation", get=DESK),
    "map_data": Row("organisation", get=DESK),
    "what_if": Row("organisation", get=COORDINATION),
    # Appeals to volunteers who have little to do: counts alone, until somebody says that they would like a role.
    "appeals": Row("organisation", get=COORDINATION),
    "appeal_new": Row("organisation", get=COORDINATION, post=COORDINATION),
    "appeal": Row("organisation", get=COORDINATION),
    "appeal_act": Row("organisation", post=COORDINATION),
    "role_wishes": Row("organisation", get=COORDINATION),
    "role_wish_act": Row("organisation", post=COORDINATION),
    # The line: whoever answers it. What is heard of a call is for those who answer calls too, and is written down.
    "line_bar": Row("own", get=DESK),
    "line_wish": Row("own", post=DESK),
    "line_colleagues": Row("own", get=DESK),
    "line_credentials": Row("own", post=DESK),
    "line_own_phone": Row("own", get=DESK, post=DESK),
    "line_sign_out": Row("own", get=DESK, post=DESK),
    "line_call": Row("organisation", get=DESK),
    "line_owner": Row("organisation", get=DESK),
    "line_note": Row("organisation", post=DESK),
    "line_risk": Row("organisation", post=DESK),
    "line_quality": Row("own", post=DESK),
    "line_callbacks": Row("organisation", get=DESK),
    "line_callback_act": Row("organisation", post=DESK),
    "line_fold": Row("organisation", get=DESK, post=DESK),
    "line_fold_restore": Row("organisation", post=DESK),
    "line_block": Row("organisation", get=COORDINATION, post=COORDINATION),
    "line_blocked": Row("organisation", get=COORDINATION),
    "line_unblock": Row("organisation", post=COORDINATION),
    # Whoever may not block asks for it, takes it back, and has read what came of it.
    "line_block_ask": Row("organisation", get=DESK, post=DESK),
    "line_block_decide": Row("organisation", post=COORDINATION),
    "line_block_settle": Row("own", post=DESK),
    "line_sound": Row("organisation", get=DESK),
    "line_waits": Row("organisation", get=DESK),
    "line_wallboard": Row("organisation", get=DESK),
    # Who runs the line, for the public page about the group.
    "group_details": Row("organisation", get=HEADS, post=HEADS),
    "line_settings": Row("organisation", get=HEADS, post=HEADS),
    "line_codes": Row("organisation", get=HEADS, post=HEADS),
    "line_prompt": Row("organisation", get=HEADS, post=HEADS),
    # Somebody is in danger: whoever is of the team may see it and take it.
    "alerts_strip": Row("organisation", get=DESK),
    "pulse": Row("organisation", get=DESK),
    "alerts_wake": Row("own", post=DESK),
    "alert": Row("organisation", get=DESK),
    "alert_act": Row("organisation", post=DESK),
    # Concerns: for those who coordinate, never for whom they are about (decision 0030). Anybody may write one down.
    "concerns": Row("organisation", get=COORDINATION),
    "concern_page": Row("organisation", get=COORDINATION),
    "concern_act": Row("organisation", post=COORDINATION),
    "concern_sound": Row("organisation", get=COORDINATION),
    "concern_tell": Row("organisation", get=DESK, post=DESK),
    "trustee": Row("organisation", get=HEADS, post=HEADS),
    # The listening programme: coordinators see that it runs, supervisors decide. Words of a notebook have a gate of
    # their own (companions.access.notebook), which this table does not open.
    "companions": Row("organisation", get=PROGRAMME),
    "companion_supervisors": Row("organisation", post=HEADS),
    "companion_train": Row("organisation", get=SUPERVISORS, post=SUPERVISORS),
    "companion_listener": Row("organisation", get=PROGRAMME, post=SUPERVISORS),
    "companion_wish": Row("organisation", get=PROGRAMME, post=SUPERVISORS),
    "companion_wish_begin": Row("organisation", get=DESK, post=DESK),
    "companion": Row("organisation", get=PROGRAMME, post=SUPERVISORS),
    "companion_glass": Row("organisation", get=COORDINATION, post=COORDINATION),
    # Public facts about services: whoever answers somebody may look them up.
    "companion_services": Row("organisation", get=DESK | SUPERVISORS, post=PROGRAMME),
    "companion_services_file": Row("organisation", get=DESK | SUPERVISORS),
    "companion_services_package": Row("organisation", get=DESK | SUPERVISORS),
    "companion_service_new": Row("organisation", get=PROGRAMME, post=PROGRAMME),
    "companion_service": Row("organisation", get=PROGRAMME, post=PROGRAMME),
    "listen_services": Row("own", get=LISTENERS, post=LISTENERS),
    "listen_instead": Row("own", get=LISTENERS, post=LISTENERS),
    "listen": Row("own", get=LISTENERS),
    "listen_pairing": Row("own", get=LISTENERS, post=LISTENERS),
    # What people wrote, and every message about a request.
    "written": Row("organisation", get=DESK),
    "written_act": Row("organisation", post=DESK),
    "request_messages": Row("organisation", get=DESK),
    "case_messages": Row("organisation", get=DESK),
    # Whom we call after a visit; what people say of a visit is for those who look after an area.
    "calls_out": Row("organisation", get=DESK, post=DESK),
    "after_call": Row("organisation", get=DESK, post=DESK),
    "check_call": Row("organisation", get=DESK, post=DESK),
    "checks": Row("organisation", get=DESK),
    "check_people": Row("organisation", get=DESK),
    "check_add": Row("organisation", get=DESK, post=DESK),
    "check_leave": Row("organisation", post=DESK),
    "check_import": Row("organisation", get=COORDINATION, post=COORDINATION),
    "case_checks": Row("organisation", post=DESK),
    "campaign_new": Row("organisation", get=COORDINATION, post=COORDINATION),
    "campaign": Row("organisation", get=DESK),
    "campaign_act": Row("organisation", post=COORDINATION),
    "said": Row("organisation", get=COORDINATION),
    "said_act": Row("organisation", post=COORDINATION),
    "said_csv": Row("organisation", get=COORDINATION),
    "said_settings": Row("organisation", post=HEADS),
    # What did not arrive, and what messages cost.
    "post": Row("organisation", get=COORDINATION),
    "post_act": Row("organisation", post=COORDINATION),
    # Lists: whoever answers the line writes them, and prints them for a volunteer without a phone.
    "request_list": Row("organisation", get=DESK, post=DESK),
    "request_sheet": Row("organisation", get=DESK),
    # Money that volunteers lay out. Whoever answers the line says what was heard on it; a coordinator decides.
    "money": Row("organisation", get=DESK),
    "money_act": Row("organisation", post=DESK),
    "money_decide": Row("organisation", post=COORDINATION),
    "money_looked": Row("organisation", post=COORDINATION),
    "money_export": Row("organisation", get=COORDINATION),
    # The photograph of a receipt: a page with its way back, and the photograph in it.
    "money_receipt": Row("organisation", get=DESK),
    "money_receipt_photo": Row("organisation", get=DESK),
    "money_caps": Row("organisation", get=HEADS, post=HEADS),
    # What messages say, in the group's own words: its head's.
    "wordings": Row("organisation", get=HEADS),
    "wording": Row("organisation", get=HEADS, post=HEADS),
    # How neighbours are asked: the organisation's choice, its head's.
    "asking": Row("organisation", get=HEADS, post=HEADS),
    # What is going on: coordinators see it, the head opens, changes and ends it.
    "incidents": Row("organisation", get=COORDINATION),
    "incident_new": Row("organisation", get=COORDINATION, post=HEADS),
    "incident_alerts": Row("organisation", get=HEADS, post=HEADS),
    "incident_proposal": Row("organisation", post=HEADS),
    "incident": Row("organisation", get=COORDINATION, post=HEADS),
    "incident_tell": Row("organisation", get=COORDINATION, post=COORDINATION),
    # What anybody may hang up: it says nothing of anybody.
    "posters": Row("organisation", get=DESK),
    "poster": Row("organisation", get=DESK),
    "calendar": Row("organisation", get=DESK),
    "incident_end": Row("organisation", get=HEADS, post=HEADS),
    # Providers of messages: what each has signed, and nothing else (public/hooks.py).
    "hook": Row("token", post=EVERYBODY),
    # Whose pages these are: `quartier check` asks its own address (public/whose.py).
    "whose": Row(get=EVERYBODY),
    # Demonstration: only where every person is invented
    "demo": Row("demo", get=EVERYBODY, post=EVERYBODY),
    "sandbox": Row("demo", get=EVERYBODY),
    "sandbox_box": Row("demo", get=EVERYBODY, post=EVERYBODY),
    # Live pages: the view itself scopes the topics.
    # Whether it works, for programs that watch: nothing about a person (config/health.py).
    "health": Row(get=EVERYBODY),
    "live": Row("organisation", get=EVERYBODY),
}
