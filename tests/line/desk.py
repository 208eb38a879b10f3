"""An operator at a browser with a microphone that says a tone: what a test sees and does there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as TooLate

from tests.chromium import ARGUMENTS, FULL_CHROMIUM, running
from tests.line.site import LineSite

VOICE_ARGUMENTS = (
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)  # fmt: skip
TEAM = """
from quartier.people import actions
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team.models import Organisation
made = actions.create_account(organisation=Organisation.objects.get(), roles={roles}, who=Who(
    {name!r}, email={email!r}, phone={phone!r}, language="fr", channel="email"))
# Their phone is known to be theirs, as if a code had been heard there.
Person.objects.filter(account=made).update(proven_phone_index=made.person.phone_index)
print("made", made.pk)
"""
# A key that comes before is lost, as on every page that is still being read.
TAKES_KEYS = """() => document.readyState === "complete" && document.hasFocus()
  && document.documentElement.dataset.phone === "talking" """
LOUDEST = """async () => {
  const here = new AudioContext();
  const ear = new AnalyserNode(here, { fftSize: 8192 });
  here.createMediaStreamSource(document.getElementById("line-sound").srcObject).connect(ear);
  await new Promise((done) => setTimeout(done, 700));
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  const at = bins.reduce((best, value, place) => (value > bins[best] ? place : best), 0);
  return [(at * here.sampleRate) / ear.fftSize, bins[at]];
}"""


def employ(line: LineSite, name: str, *roles: str, phone: str = "") -> str:
    """Somebody of the team; gives the account."""
    words = TEAM.format(roles=list(roles), name=name, email=f"{name.lower()}@example.org", phone=phone)
    return line.site.shell(words).split("made ")[1].strip()


@contextmanager
def chromium(voice: Path) -> Iterator[Any]:
    """A browser whose microphone says this file."""
    speaks = f"--use-file-for-fake-audio-capture={voice}"
    with running(*VOICE_ARGUMENTS, speaks, program=FULL_CHROMIUM) as browser:
        yield browser


@contextmanager
def chromiums(voices: dict[str, Path]) -> Iterator[dict[str, Any]]:
    """A browser for each of these, whose microphone says the file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        made = {
            name: play.chromium.launch(
                executable_path=FULL_CHROMIUM,
                args=[*ARGUMENTS, *VOICE_ARGUMENTS, f"--use-file-for-fake-audio-capture={voice}"],
            )
            for name, voice in voices.items()
        }
        yield made
        for browser in made.values():
            browser.close()


class Desk:
    """One operator's page."""

    def __init__(self, browser: Any, line: LineSite, name: str, *, width: int = 1366) -> None:
        self.line, self.name = line, name
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="fr-BE",
            permissions=["microphone"],
            storage_state=line.signed_in.get(name),
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        if name not in line.signed_in:
            self.sign_in()
            line.signed_in[name] = self.context.storage_state()
        line.desks.append(self)

    def sign_in(self) -> None:
        """With a code, as one would."""
        address = f"{self.name.lower()}@example.org"
        self.page.goto(f"{self.line.site.address}/fr/sign-in/")
        self.page.fill("main [name=to]", address)
        self.page.click("main form button.btn:not(.btn-2)")
        self.page.wait_for_selector("main [name=code]")
        code = self.line.site.quartier("code", address).split()[0]
        self.page.fill("main [name=code]", code)
        self.page.click("main form button.btn:not(.btn-2)")
        self.page.wait_for_url("**/console/**")

    @property
    def inner(self) -> Any:
        """The page that one sees: a frame, once one has followed a link."""
        return self.page.frame("quartier-page") or self.page.main_frame

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.line.site.address}/fr/console/{path}")

    def come_on(self, *languages: str, own_phone: bool = False) -> None:
        """Take calls."""
        self.open()
        self.stands("offline")
        self.page.wait_for_timeout(1000)
        self.page.locator("#line summary").first.click()
        for language in ("fr", "nl", "de", "en"):
            self.page.locator(f"#line_{language}").set_checked(language in languages, force=True)
        if own_phone:
            self.page.check("#line_own", force=True)
        self.page.locator("#line button[name=what][value=on]").click()
        if not own_phone:
            self.phone_is("ready")
        self.stands("available")

    def leave(self) -> None:
        """Off the line, whatever is going on, and close the browser."""
        token = next(each["value"] for each in self.context.cookies() if each["name"] == "csrftoken")
        home = self.line.site.address
        said = self.context.request.post(
            f"{home}/fr/console/line/wish/",
            form={"what": "off"},
            headers={"X-CSRFToken": token, "Referer": home},
            max_redirects=0,
        )
        assert said.status < 400, said.status
        self.line.desks.remove(self)
        self.context.close()

    def seen(self) -> str:
        """What this page says of itself, for who reads a failed test."""
        try:
            phone = self.page.evaluate("document.documentElement.dataset.phone")
            bar = self.inner.locator("#line").first.inner_text(timeout=1000)
        except Exception as error:
            return f"{self.name}: {type(error).__name__} at {self.page.url}"
        return f"{self.name}: phone {phone}, {self.page.url}, {' '.join(bar.split())}"

    def phone_is(self, state: str, timeout: float = 15_000) -> None:
        self.page.wait_for_function(
            "s => document.documentElement.dataset.phone === s", arg=state, timeout=timeout
        )

    def stands(self, standing: str, timeout: float = 15_000) -> None:
        self.inner.locator(f"#line[data-standing={standing}]").wait_for(timeout=timeout)

    def answer(self) -> None:
        self.phone_is("ringing")
        self.inner.locator("#line-answer").click()
        self.phone_is("talking")
        self.on_its_page()

    def on_its_page(self) -> None:
        """The page of a call opens by itself, inside the page that holds the phone, and takes keys."""
        self.page.wait_for_url("**/console/line/*-*/")
        self.page.frame_locator("iframe[name=quartier-page]").locator("#script").wait_for()
        self.inner.wait_for_function(TAKES_KEYS)

    def take_request(self, name: str) -> None:
        """Fill in the form beside the call, and look for a neighbour."""
        inner = self.inner
        inner.locator("#intake.is-live").wait_for()
        inner.locator("#id_caller_name").fill(name)
        inner.locator("#id_place").fill("1050")
        inner.locator("#found input:checked").wait_for(state="attached")
        inner.locator("#id_address").fill("Chaussée de Wavre 12")
        inner.locator("input[name=kinds][value=groceries]").check(force=True)
        inner.locator("#id_consent").check(force=True)
        inner.locator("[data-state].tag-done").wait_for()
        inner.locator("#intake button.btn:not(.btn-2)").last.click()

    def hand_over(self, how: str) -> None:
        """To the colleague who is free: `consult`, `third` or `transfer`. As a hand does, it presses again if the bar
        was drawn anew just under the finger."""
        opens = self.inner.locator("[commandfor=line-over][command=show-modal]").first
        over = self.inner.locator(f"#line-over button[value={how}]").first
        for _press in range(3):
            opens.click()
            with suppress(TooLate):
                over.wait_for(state="visible", timeout=3000)
                break
        over.click()

    def call_back(self) -> None:
        """Take the first one of the list, and call."""
        self.inner.locator("main button[name=do][value=claim]").first.click()
        self.inner.locator("main button[name=do][value=call]").first.click()

    def wish(self, what: str) -> None:
        """Press the button of the bar that says this."""
        self.inner.locator(f"#line button[name=what][value={what}]").first.click()

    def leave_call(self) -> None:
        """Hang up where one only helps or listens: the others go on."""
        self.inner.locator("#line [data-phone-do=leave]").first.click()

    def loudest(self) -> tuple[float, float]:
        """What the operator hears: the loudest tone in Hz, and how loud (dB)."""
        hertz, level = self.page.evaluate(LOUDEST)
        return hertz, level

    def hears(self, hertz: float) -> bool:
        """Whether it is this tone, within a few seconds."""
        for _ in range(6):
            found, level = self.loudest()
            if abs(found - hertz) < 30 and level > -70:
                return True
        return False
