"""What `quartier init` makes: the tables, the organisation and its first administrator."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from quartier.cli.init.questions import Answers
from quartier.cli.run import ready
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team import actions as team
from quartier.team.models import Organisation, Role


def trouble_with_database() -> str:
    """Why the database cannot be used; '' when it can."""
    try:
        if connection.vendor == "sqlite":
            Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        return str(error).strip()
    return ""


def has_organisation() -> bool:
    """Whether somebody founded one in this database before."""
    if Organisation._meta.db_table not in connection.introspection.table_names():
        return False
    return Organisation.objects.exists()


def found(answers: Answers) -> Organisation:
    """Make the tables, the organisation and the administrator."""
    ready.prepare(static=False)
    organisation = team.found_organisation(
        name=answers.organisation,
        languages=answers.languages,
        country=answers.country,
        phone=answers.phone,
    )
    people.create_account(
        organisation=organisation,
        who=Who(
            answers.organisation,
            email=answers.sender,
            language=answers.languages[0],
            channel=Person.Channel.EMAIL,
        ),
        roles=[Role.Name.ADMIN, Role.Name.COORDINATOR, Role.Name.OPERATOR],
    )
    return organisation


def what_next(answers: Answers, file: Path) -> str:
    """What to do now, in words."""
    steps = [
        _("{organisation} is ready. Its file is {file}: keep a backup in a safe place.").format(
            organisation=answers.organisation, file=file
        ),
        _("1. Start it: quartier run. Then open {origin}/").format(origin=settings.ORIGIN.rstrip("/")),
        _(
            "2. Sign in with {mail}. Until email can be sent, quartier code {mail} shows the code here."
        ).format(mail=answers.sender),
        _("3. Write into the file how email is sent and where people reach you, then run quartier check."),
    ]
    return "\n".join(steps)
