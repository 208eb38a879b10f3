"""The lamp that says how the sound of a call is, and what is reported of it. In Chromium, against half an exchange."""

import pytest

from quartier.console.tests import test_phone_browser as phone
from quartier.telephony.models import CallQuality

pytestmark = phone.pytestmark
browser, line, desk, talk = phone.browser, phone.line, phone.desk, phone.talk
inner = phone.inner


def test_the_lamp_says_how_the_sound_is_and_it_is_kept_with_the_call(talk, lotte):
    page = talk
    inner(page).locator("#line-quality").get_by_text("son\u00a0: bon").wait_for()
    inner(page).locator("#line-quality button").click()
    inner(page).get_by_text("vous vous entendez sans coupures").wait_for()
    inner(page).locator("[data-measured=loss]", has_text="0").wait_for()
    inner(page).locator("#line-quality-more [command=close]").click()
    with page.expect_request(lambda request: request.url.endswith("/quality/")) as asked:
        page.evaluate("new BroadcastChannel('quartier-phone').postMessage({ act: 'leave' })")
    assert asked.value.response().status == 204
    row = CallQuality.objects.get()
    assert (row.call_id, row.account_id) == (page.call, lotte.pk)
    assert row.samples >= 1
    assert row.loss_worst_pct == 0


STATS = """async counts => {
  const { QualityWatch } = await import("/static/console/call_quality.js");
  const shown = [], reports = [];
  let stats = new Map();
  const connection = { getStats: async () => stats };
  const watch = new QualityWatch(connection, (one) => shown.push(one), (one) => reports.push(one), 1e9);
  for (const entries of counts) {
    stats = new Map(entries.map((one, place) => [place, { id: place, kind: "audio", ...one }]));
    await watch.sample();
  }
  watch.stop();
  return { shown, reports };
}"""


def inbound(received, lost, *, ssrc=1, jitter=0.01):
    return {
        "type": "inbound-rtp",
        "ssrc": ssrc,
        "packetsReceived": received,
        "packetsLost": lost,
        "jitter": jitter,
    }


def remote(lost, *, delay=0.1):
    return {"type": "remote-inbound-rtp", "fractionLost": lost, "jitter": 0.02, "roundTripTime": delay}


@pytest.mark.parametrize(
    ("counts", "levels"),
    [
        ([[inbound(250, 0)], [inbound(500, 0)]], ["good", "good"]),
        # What is lost later counts by itself, not against the whole call.
        ([[inbound(5000, 0)], [inbound(5200, 50)]], ["good", "bad"]),
        ([[inbound(240, 10)]], ["weak"]),
        # The other direction, and the way there and back.
        ([[inbound(250, 0), remote(0.2)]], ["bad"]),
        ([[inbound(250, 0), remote(0, delay=0.5)]], ["weak"]),
        # Nothing comes while one is on hold: that is no loss, and no measurement.
        ([[inbound(250, 0)], [inbound(250, 0)]], ["good"]),
        # After a hand-over the counters begin anew.
        ([[inbound(5000, 10)], [inbound(100, 0, ssrc=2)]], ["good", "good"]),
        ([[inbound(250, 0, jitter=0.15)]], ["bad"]),
    ],
)
def test_counters_become_a_level(desk, counts, levels):
    found = desk.evaluate(STATS, counts)
    assert [one["level"] for one in found["shown"]] == levels


def test_a_report_holds_the_means_and_the_worst(desk):
    found = desk.evaluate(STATS, [[inbound(100, 0)], [inbound(180, 20), remote(0, delay=0.2)]])
    assert found["reports"] == [
        {
            "samples": 2,
            "loss_mean_pct": "10.00",
            "loss_worst_pct": "20.00",
            "jitter_mean_ms": "15.00",
            "jitter_worst_ms": "20.00",
            "delay_mean_ms": "200.00",
            "delay_worst_ms": "200.00",
        }
    ]
