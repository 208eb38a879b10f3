"""The directory of professional services, invented: no such house, and numbers that reach nobody."""

from quartier.companions.hsds import KINDS, Listed
from quartier.lib import choices
from quartier.sim.people import landline

WEEKDAYS = "MO,TU,WE,TH,FR"
# What each is about.
ABOUT = {
    "grief": "grief",
    "sleep": "mind",
    "nurse": "health",
    "meals": "home",
    "debts": "money",
    "memory": "memory",
    "rights": "rights",
}


def _service(
    key: str, name: str, provider: str, about: str, languages: list[str], place: tuple[str, str]
) -> Listed:
    return Listed(
        key=f"demo-{key}",
        name=name,
        provider_key=f"demo-{provider}",
        provider=provider,
        about=about,
        kinds=choices.mask(KINDS, [ABOUT[key]]),
        languages=languages,
        phones=[{"number": landline(9960 + len(key)), "extension": "", "description": ""}],
        places=[
            {"name": provider, "address": "", "city": place[1], "postal_code": place[0],
             "country": "BE", "latitude": None, "longitude": None}
        ],
        schedules=[{"byday": WEEKDAYS, "opens_at": "09:00", "closes_at": "17:00", "description": ""}],
    )  # fmt: skip


SERVICES = (
    _service("grief", "Groupe de parole après un deuil", "Maison médicale des Tilleuls",
             "Huit rencontres, en petit groupe, pour qui a perdu quelqu’un.", ["fr"], ("1050", "Ixelles")),
    _service("sleep", "Psycholoog in de buurt", "Wijkgezondheidscentrum De Linde",
             "Enkele gesprekken bij slapeloosheid, somberheid of angst; na een telefoontje met de huisarts.", ["nl"],
             ("3000", "Leuven")),
    _service("nurse", "Infirmière à domicile", "Soins du quartier Saint-Roch",
             "Pansements, injections, toilette, sur prescription.", ["fr", "nl"], ("1000", "Bruxelles")),
    _service("meals", "Warme maaltijden aan huis", "Dienstencentrum Het Anker",
             "Elke middag een warme maaltijd, ook zoutarm of gemalen.", ["nl", "fr"], ("2000", "Antwerpen")),
    _service("debts", "Schuldnerberatung", "Sozialberatung Ostwind",
             "Hilfe bei Rechnungen, Mahnungen und Ratenplänen; kostenlos.", ["de", "fr"], ("4700", "Eupen")),
    _service("memory", "Consultation de la mémoire", "Centre de santé des Sources",
             "Pour les personnes qui oublient plus qu’avant, et leurs proches.", ["fr"], ("4000", "Liège")),
    _service("rights", "Permanence sociale en plusieurs langues", "Espace Rencontre",
             "Papiers, mutuelle, pension ; avec interprète sur rendez-vous.", ["fr", "ar", "tr", "en"],
             ("1030", "Schaerbeek")),
)  # fmt: skip
