"""Guards: what nobody would remember to check."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "quartier"

LAYERS = [
    {"public", "console", "volunteer", "sim"},
    {"conversation"},
    {"appeals"},
    {"duty"},
    {"followup"},
    {"expenses", "shopping", "concerns"},
    {"companions"},
    {"visits"},
    {"matching"},
    {"cases"},
    {"intake"},
    {"alerts", "trust"},
    {"telephony", "messaging"},
    {"promises"},
    {"people"},
    {"incidents", "rota"},
    {"team"},
    {"places", "jobs", "live", "audit", "limits"},
]
ROOM_FILES = {
    "__init__", "access", "actions", "admin", "apps", "jobs", "lately", "models", "queries", "rules", "migrations",
    "tests",
    "locale", "static", "templates", "templatetags", "providers", "urls",
}  # fmt: skip
# One word each on why a room has a file that the others have not.
ALLOWED_BESIDE = {
    "expenses": {
        "pictures",
        "exporting",
        "wrong",
    },  # what strangers upload is opened here alone; the book as a file
    "shopping": {"paper", "forms"},  # lists on paper; the questions that three surfaces ask
    "intake": {"reading", "missed_calls"},  # between messages and the phone line
    "concerns": {"by_phone"},  # between the line and concerns
    # pure: what somebody means, and by which words
    "conversation": {
        *(
            "understanding",
            "vocabulary",
            "said_hours",
            "step_words",
            "remark_words",
            "relayed_words",
            "well_words",
            "withdrawal_words",
            "danger",
            "danger_words",
            "danger_to_others",
            "rare_danger_words",
            "emergency_words",
        ),
        "forms",  # words to the other one of a visit, on both pages
        "numbers",  # the emergency numbers on the next page, for every surface
    },
    "cases": {"rides"},  # pure: what is asked of a ride, on the site and beside a call
    # the templates that ship with the project; alerts of authorities, read; posters and flyers
    "incidents": {"shipped", "cap", "paper"},
    "followup": {"forms"},  # the three questions, on the private page and beside a call
    "jobs": {"backend", "pull", "schedule", "worker"},  # the machinery that all rooms' jobs.py use
    "live": {"stream", "events", "hub"},  # the event stream
    # What is told beside each promise: who is on duty, the heads, who waits; and what comes back from who leaves.
    "duty": {"letters", "gaps", "leavers", "daily_words", "team_messages"},
    "limits": {"proof"},  # the proof of work
    "matching": {
        "likelihood",
        "policies",
        "planning",
    },  # pure: how likely a yes is; the ways of asking; many at once
    # the worker's side, what providers tell afterwards, and what messages say
    "messaging": {
        "aloud",
        "breaker",
        "browsers",
        "ceiling",
        "chats",
        "chatting",
        "closed_days",
        "codes",
        "delivery",
        "detours",
        "proving",
        "digest",
        "incoming",
        "own_number",
        "reports",
        "resending",
        "rewording",
        "ringing",
        "saying",
        "several",
        "sign_in_letters",
        "trial",
        "spending",
        "stops",
        "waiting",
        "who_waits",
        "window_words",
        "wording",
        "words",
    },
    # what the surfaces share on which somebody is described; what somebody wishes, beside who they are; whose a
    # number is, as messages and the line find out
    "people": {
        "codes",
        "fields",
        "forms",
        "getting_around",
        "own_way",
        "proven_phone",
        "wish_form",
        "wishes",
    },
    # shared by the surfaces; the directory as others write it; how she is asked how she is, with the sources
    "companions": {"forms", "hsds", "scales"},
    # pulled: outgoing calls that were stopped become an alert
    "alerts": {"edge_trouble", "line_stops"},
    # the table that ships; pure: how streets are written, how names sound, what is abroad; what we ask back
    "places": {"shipped", "geocoding", "streets", "sounds", "abroad", "provinces", "asking"},
    # the desk of call control, beside the web; what callers hear; what a line costs; what was said, in writing
    "telephony": {"desk", "prompts", "prices", "texting", "transcription"},
    # Django's words for where accounts come from, and for what a browser's cookie opens
    # and from when on the number is answered, which the line tells messages
    "team": {"backend", "last_here", "line_hours", "sessions"},
}
SURFACES = {"public", "console", "volunteer", "look", "sim", "cli", "config", "lib"}


def files_in_git(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_every_room_is_an_app_or_known_to_have_no_tables():
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(settings.ROOMS) | {"callcore", "cli", "config", "engine", "lib", "sim"}


def test_a_room_has_the_files_that_every_room_has():
    strange = []
    for room in set(settings.ROOMS) - SURFACES:
        allowed = ROOM_FILES | ALLOWED_BESIDE.get(room, set())
        strange += [
            str(path.relative_to(ROOT))
            for path in (HOUSE / room).iterdir()
            if path.name != "__pycache__" and path.stem not in allowed
        ]
    assert not strange, f"not in the closed list of files of a room: {strange}"


def test_names_say_something():
    hollow = re.compile(r"/(utils?|helpers?|misc|common|constants|services?|managers?|base_models)\.(py|js)$")
    assert not [str(path) for path in files_in_git("*.py", "*.js") if hollow.search(str(path))]


def test_files_stay_small():
    decisions = "\n".join(path.read_text() for path in (ROOT / "docs/decisions").glob("*.md"))
    long = [
        str(path.relative_to(ROOT))
        for path in files_in_git("*.py", "*.js", "*.css")
        if "migrations" not in path.parts
        and "vendor" not in path.parts
        and len(path.read_text().splitlines()) > 400
        and str(path.relative_to(ROOT)) not in decisions
    ]
    assert not long, f"split these, or say in a decision page why not: {long}"


def test_functions_take_few_parameters():
    many = []
    for path in files_in_git("quartier/*.py"):
        if "migrations" in path.parts or "tests" in path.parts:  # what a test asks for are its fixtures
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                # Machine code takes plain arrays, each by its name.
                if any(isinstance(mark, ast.Name) and mark.id == "compiled" for mark in node.decorator_list):
                    continue
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                if len([each for each in arguments if each.arg not in {"self", "cls"}]) > 8:
                    many.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not many


def test_keys_between_tables_point_back_along_the_flow():
    rank = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
    forward = []
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in rank:
            continue
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            there = field.related_model._meta.app_label
            if there != here and there in rank and rank[there] <= rank[here]:
                forward.append(f"{model._meta.label}.{field.name} -> {there}")
    assert not forward


def test_every_row_belongs_to_an_organisation():
    # Reference data and machinery that hold nothing about anybody; each says so in its docstring.
    of_nobody = {
        "team.Organisation", "places.Place", "places.PlaceName", "places.Gazetteer", "jobs.Job", "jobs.Tick",
        "limits.Counter", "limits.Spent", "messaging.Report", "messaging.ProviderState", "messaging.ChatFeed",
        "team.BrowserSession",
    }  # fmt: skip
    without = [
        model._meta.label
        for room in settings.ROOMS
        for model in apps.get_app_config(room).get_models()
        if not {"organisation", "organisation_id"} & {field.name for field in model._meta.get_fields()}
        and model._meta.label not in of_nobody
    ]
    assert not without


def test_migrations_are_named_and_import_no_code_of_ours_but_columns():
    bad = []
    for path in files_in_git("quartier/*/migrations/*.py"):
        if path.stem == "__init__":
            continue
        if not re.fullmatch(r"\d{4}_[a-z0-9_]+", path.stem) or "_auto_" in path.stem:
            bad.append(f"{path.relative_to(ROOT)}: name")
        for line in path.read_text().splitlines():
            if re.match(r"(from|import) quartier", line) and not re.search(
                r"quartier\.lib\.(fields|ids|tables)", line
            ):
                bad.append(f"{path.relative_to(ROOT)}: {line}")
    assert not bad


@pytest.mark.django_db
def test_the_tables_are_as_the_models_say():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_time_comes_from_the_clock():
    wild = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(\)")
    allowed = {HOUSE / "lib/clock.py"}
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files_in_git("quartier/*.py")
        if path not in allowed and "tests" not in path.parts and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if wild.search(line) and "# real time" not in line
    ]
    assert not found, f"use quartier.lib.clock.now(), or say why not with '# real time: ...': {found}"


def test_no_signals_and_no_generic_keys():
    wild = re.compile(r"post_save|pre_save\.connect|GenericForeignKey|@receiver\(")
    found = [str(path) for path in files_in_git("quartier/*.py") if wild.search(path.read_text())]
    assert not found


def test_pages_load_nothing_from_elsewhere():
    outside = re.compile(r"""(src|href|action)=["'](https?:)?//(?!example\.org)""")
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>|\sstyle=[\"']|\son[a-z]+=[\"']"
    )
    found = []
    for path in files_in_git("quartier/*.html"):
        words = path.read_text()
        for number, line in enumerate(words.splitlines(), 1):
            if outside.search(line) or inline.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}")
    assert not found


def test_nothing_names_a_registry_or_a_path_of_a_machine():
    hosts = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry." + "npmjs",
        "deb." + "debian.org",
        "/wo" + "rk/",
        "/ro" + "ot/",
    )
    found = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in files_in_git()
        if path.suffix not in {".woff2", ".png", ".ico", ".gz", ".mo"}
        for host in hosts
        if host in path.read_text(errors="ignore")
    ]
    assert not found


def test_every_setting_of_an_installation_is_documented():
    from dataclasses import fields

    from quartier.config.installation import Installation

    howto = (ROOT / "docs/howto/install.md").read_text()
    missing = [
        each.name for each in fields(Installation) if each.name != "exists" and f"`{each.name}`" not in howto
    ]
    assert not missing


def test_every_job_is_scheduled_or_pulled():
    """A function in a room's jobs.py that nothing calls would never run."""
    idle = []
    for path in HOUSE.glob("*/jobs.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = {ast.unparse(each).split("(")[0].split(".")[-1] for each in node.decorator_list}
                if not names & {"every", "puller", "task"}:
                    idle.append(f"{path.parent.name}.{node.name}")
    assert not idle


def test_browser_tests_wait_for_what_they_look_at():
    """A click returns when the next page begins, or before: `is_visible()` looks at once, and is now and then too
    early; `expect(…).to_be_visible()` waits. What is loaded then may be the page before, or none at all while the
    next one begins; `next_page` waits, and what looks at a whole page comes after it. `wait_for_function` does not
    wait for a promise: to it, what an `async` function gives is true at once."""
    early = re.compile(
        r"assert (not )?.*\.(is_visible|is_hidden|is_checked|is_disabled|is_enabled)\(\)$"
        r"|^(?P<depth> +)\S.*\.click\(.*\)\n(?P=depth)(\S+\.wait_for_load_state"
        r"|(\w+ = |assert )?(\w+\.)?(looks?|looks_well|sees?|seen|fine|audited))\("
        r"|wait_for_function\(\s*[rf]?\"+\s*async",
        re.M,
    )
    tests = [path for path in files_in_git("*.py") if "tests" in path.parts]
    assert not [path.name for path in tests if early.search(path.read_text())]


def test_no_test_looks_for_a_few_digits_where_ids_stand():
    """Ids and tokens are drawn: one in some thousands holds "777", so that a test fails once a month. What must not
    be said is looked for among words (`strip_tags`), or in more than four digits."""
    drawn = re.compile(
        r"assert [\"'][0-9a-f]{1,4}[\"'] not in (html|caplog\.text|str\(|.*\.content\b|page$)", re.M
    )
    tests = [path for path in files_in_git("*.py") if "tests" in path.parts]
    assert not [
        path.name for path in tests if drawn.search(path.read_text().replace("strip_tags(page.content", ""))
    ]
