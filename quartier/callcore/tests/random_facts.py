"""Facts as they never come: any of them, about anything, at any time."""

from hypothesis import strategies as st

from quartier.callcore import facts

CALLS = [f"c{number}" for number in range(4)]
OPERATOR_NAMES = ["Anna", "Bert", "Carla"]
LEGS = ["", *(f"{call}.{number}" for call in CALLS for number in range(1, 5))]
calls, legs, operators = st.sampled_from(CALLS), st.sampled_from(LEGS), st.sampled_from(OPERATOR_NAMES)
at, whom = st.floats(1.0, 2000.0), st.sampled_from(["", "Marie"])
languages = st.lists(st.sampled_from(["fr", "nl", "de", "en"]), min_size=1, max_size=4, unique=True).map(
    tuple
)
wishes = st.sampled_from(
    [
        *("hold", "resume", "transfer", "consult", "complete", "cancel", "third", "listen", "end", "dance"),
        *("record", "pause_record", "resume_record", "stop_record"),
    ]
)
happening = st.one_of(
    st.builds(facts.Tick, at=at),
    st.builds(facts.Rang, at=at, call=calls, number=st.sampled_from(["", "+3221234567", "absurd"])),
    st.builds(
        facts.Recognised,
        at=at,
        call=calls,
        language=st.sampled_from(["", "nl", "xx"]),
        ring_back=st.booleans(),
        blocked=st.sampled_from([False, False, True]),
        flooding=st.booleans(),
        can_text=st.booleans(),
        masked=st.sampled_from(["", "", "visit"]),
        coming_s=st.sampled_from([0.0, 9.0, 1e9]),
    ),
    st.builds(facts.Dial, at=at, call=calls, operator=operators, to=whom, language=st.just("nl")),
    st.builds(
        facts.Read,
        at=at,
        call=calls,
        to=st.sampled_from(["", "Marie"]),
        language=st.sampled_from(["nl", "xx"]),
        text_s=st.sampled_from([0.0, 12.0, 1e9]),
        asks=st.booleans(),
    ),
    st.builds(facts.MaskedOver, at=at, call=calls, reason=st.sampled_from(["over", "spent"])),
    st.builds(facts.Pressed, at=at, call=calls, digit=st.sampled_from("0123456789*#²"), leg=legs),
    st.builds(facts.HungUp, at=at, call=calls, leg=legs),
    st.builds(facts.MediaServerFailed, at=at, call=calls),
    st.builds(facts.Lost, at=at, call=calls, leg=legs),
    st.builds(facts.PickedUp, at=at, call=calls, leg=legs),
    st.builds(facts.Answered, at=at, call=calls, leg=legs),
    st.builds(facts.Alerted, at=at, call=calls, leg=legs),
    st.builds(facts.PageLoaded, at=at, call=calls, leg=legs),
    st.builds(facts.Declined, at=at, call=calls, leg=legs, reason=st.sampled_from(["", "network"])),
    st.builds(facts.CameOn, at=at, operator=operators, languages=languages, own_phone=st.booleans()),
    st.builds(facts.WentOff, at=at, operator=operators),
    st.builds(facts.Paused, at=at, operator=operators),
    st.builds(facts.Resumed, at=at, operator=operators),
    st.builds(facts.NotesBegun, at=at, operator=operators, since=at, until=at),
    st.builds(facts.NotesTyped, at=at, operator=operators),
    st.builds(facts.Asked, at=at, operator=operators, call=calls, wish=wishes, to=operators),
    st.builds(facts.Hours, at=at, open=st.booleans()),
    st.builds(facts.OwnPhones, at=at, may_ring=st.booleans()),
    st.builds(facts.App, at=at, up=st.booleans()),
    st.builds(facts.Edge, at=at, up=st.booleans()),
)
stories = st.lists(happening, max_size=60)
