"""What each volunteer's own answers teach: once a day, some thousand volunteers in one transaction.

One statement looks at the offers of the last half year and writes down how likely a yes is, and the metres that
stand for it (`matching.likelihood`). Rows that stay as they are are not touched, so waves go on meanwhile; where it
has come to is kept with the organisation, so it goes on there after a restart.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from quartier.lib import clock
from quartier.matching import likelihood
from quartier.matching.queries import assumed
from quartier.people.models import Volunteer
from quartier.team.models import Organisation

# So many volunteers a transaction: a tenth of a second, in which nobody else can write on SQLite.
CHUNK = 5000

_ANSWERS = """
WITH answers AS (
    SELECT o.volunteer_id, CAST({weight} AS double precision) AS weight,
           CASE WHEN o.state = 'accepted' OR (o.state = 'withdrawn' AND o.answered_at IS NOT NULL)
                THEN 1 ELSE 0 END AS yes,
           CASE WHEN o.state = 'withdrawn' AND o.answered_at IS NULL THEN
                CASE WHEN o.withdrawn_at <= o.created_at THEN 0.0
                     ELSE 1.0 / (1.0 + POWER(%(reply_min)s / {minutes}, %(steep)s)) END
                ELSE 1.0 END AS answered,
           EXP(-CAST(COALESCE(o.distance_m, 0) AS double precision) / %(distance_m)s)
             * CASE WHEN o.load = 0 THEN 1 ELSE POWER(CAST(%(load)s AS double precision), o.load) END
             * CASE WHEN o.asked_before = 0 THEN 1
                    ELSE POWER(CAST(%(fatigue)s AS double precision), o.asked_before) END AS factor
      FROM matching_offer o
     WHERE o.volunteer_id > %(after)s AND o.volunteer_id <= %(upto)s AND o.created_at >= %(since)s
       AND (o.state IN ('accepted', 'declined', 'expired') OR o.withdrawn_at IS NOT NULL)
), heard AS (
    SELECT volunteer_id, SUM(weight * answered * factor) AS expected, SUM(weight * yes) AS yes,
           SUM(CASE WHEN answered >= 0.5 THEN 1 ELSE 0 END) AS offers,
           SUM(CASE WHEN answered >= 0.5 THEN yes ELSE 0 END) AS yeses
      FROM answers GROUP BY volunteer_id
), ready AS (
    SELECT v.id, v.asked_on, COALESCE(h.offers, 0) AS offers, COALESCE(h.yeses, 0) AS yeses,
           (%(yes)s + h.yes) / (%(yes)s + %(no)s + {greatest}(h.expected, h.yes)) AS likelihood
      FROM people_volunteer v LEFT JOIN heard h ON h.volunteer_id = v.id
     WHERE {own} = %(organisation)s AND v.id > %(after)s AND v.id <= %(upto)s
       AND (h.volunteer_id IS NOT NULL OR v.likelihood IS NOT NULL OR v.offers_lately > 0)
), judged AS (
    SELECT id, offers, yeses,
           CASE WHEN likelihood < %(mean)s AND asked_on < %(fresh)s THEN NULL ELSE likelihood END AS likelihood
      FROM ready
)
UPDATE people_volunteer
   SET likelihood = j.likelihood, offers_lately = j.offers, yes_lately = j.yeses,
       habit_m = CASE WHEN j.likelihood IS NULL OR j.likelihood >= %(mean)s THEN 0
                      ELSE CAST(ROUND({least}(%(distance_m)s * LN(%(mean)s / j.likelihood), %(most)s)) AS integer) END
  FROM judged j
 WHERE people_volunteer.id = j.id AND people_volunteer.id > %(after)s AND people_volunteer.id <= %(upto)s
   AND (people_volunteer.likelihood {differs} j.likelihood OR people_volunteer.offers_lately <> j.offers
        OR people_volunteer.yes_lately <> j.yeses)
"""


@cache
def _statement(vendor: str) -> str:
    fades = " ".join(
        f"WHEN o.created_at >= %(since_{days})s THEN {weight}" for days, weight in likelihood.FADES
    )
    on_postgresql = vendor == "postgresql"
    return _ANSWERS.format(
        weight=f"CASE {fades} ELSE 0.0 END",
        minutes=(
            "(CAST(EXTRACT(EPOCH FROM o.withdrawn_at - o.created_at) AS double precision) / 60.0)"
            if on_postgresql
            else "((julianday(o.withdrawn_at) - julianday(o.created_at)) * 1440.0)"
        ),
        # With a plus, SQLite does not walk through the whole organisation for each chunk.
        own="v.organisation_id" if on_postgresql else "+v.organisation_id",
        greatest="GREATEST" if on_postgresql else "max",
        least="LEAST" if on_postgresql else "min",
        differs="IS DISTINCT FROM" if on_postgresql else "IS NOT",
    )


@transaction.atomic
def learn_answers(*, organisation_id: UUID) -> bool:
    """Learn what is due from one chunk of an organisation's volunteers; true while more are left.

    Where the organisation has turned learning off, what was learnt is forgotten in the same way.
    """
    organisation = (
        Organisation.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(_due(), pk=organisation_id)
        .first()
    )
    if organisation is None:
        return False
    now = clock.now()
    today = now.astimezone(organisation.zone).date()
    if organisation.learns and organisation.learned_on == today:
        return False
    after = organisation.learned_to or UUID(int=0)
    # Counted over all organisations: that is read from the key alone, however many rows there are.
    rest = Volunteer.objects.filter(pk__gt=after).order_by("pk")
    last = rest.values_list("pk", flat=True)[CHUNK - 1 : CHUNK].first()
    upto = last or UUID(int=2**128 - 1)
    if organisation.learns:
        _learn(organisation, after, upto, now, today)
    else:
        learnt = rest.filter(Q(habit_m__gt=0) | ~Q(likelihood=None), pk__lte=upto)
        owners = learnt.values_list("pk", "organisation_id")
        ours = [pk for pk, owner in owners if owner == organisation.pk]
        Volunteer.objects.filter(pk__in=ours).update(habit_m=0, likelihood=None)
    organisation.learned_to = last
    if last is None:
        organisation.learned_on = today if organisation.learns else None
    organisation.save(update_fields=["learned_to", "learned_on"])
    return last is not None


def _due() -> Q:
    return Q(learns=True) | ~Q(learned_on=None) | ~Q(learned_to=None)


def learners() -> list[UUID]:
    """The organisations that learn, or have something to forget."""
    return list(Organisation.objects.filter(_due()).order_by("pk").values_list("pk", flat=True))


def _learn(organisation: Organisation, after: UUID, upto: UUID, now: datetime, today: date) -> None:
    prior, key = assumed(), Volunteer._meta.pk
    moment = connection.ops.adapt_datetimefield_value
    values: dict[str, Any] = {
        "organisation": key.get_db_prep_value(organisation.pk, connection),
        "after": key.get_db_prep_value(after, connection),
        "upto": key.get_db_prep_value(upto, connection),
        "since": moment(now - timedelta(days=likelihood.FADES[-1][0])),
        "fresh": today - timedelta(days=likelihood.FRESH_START_DAYS),
        "yes": prior.yes,
        "no": prior.no,
        "mean": prior.mean,
        "distance_m": prior.distance_m,
        "load": prior.load,
        "fatigue": prior.fatigue,
        "reply_min": prior.reply_min,
        "steep": likelihood.STEEP / prior.reply_sigma,
        "most": likelihood.MOST_HABIT_M,
    }
    values |= {f"since_{days}": moment(now - timedelta(days=days)) for days, _weight in likelihood.FADES}
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), values)
