"""`quartier line cost`: what a line costs, by kind of contract. Without options, the model case of spring 2020."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quartier.telephony.prices import Bill, Carrier, Case, Prices

# What the line of spring 2020 paid in 15 days, in EUR.
MODEL = 50


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below 0")
    return amount


def _count(text: str) -> int:
    amount = _amount(text)
    if amount != int(amount):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(amount)


def _share(text: str) -> Decimal:
    share = _amount(text.rstrip("%")) / 100
    if share > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is more than 100%")
    return share


def register(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser(
        "cost", help="what it costs; by default as in spring 2020, 1,200 calls in 15 days"
    )
    parser.add_argument("--calls", type=_count, metavar="N", help="calls that come in")
    parser.add_argument("--days", type=_count, metavar="N", help="in so many days; a month begun is paid")
    parser.add_argument(
        "--talk", type=_amount, metavar="MINUTES", dest="talk_min", help="of a call, in the mean"
    )
    parser.add_argument(
        "--wait", type=_amount, metavar="MINUTES", dest="wait_min", help="greeting and waiting"
    )
    parser.add_argument("--callbacks", type=_share, metavar="PERCENT", help="of the calls, rung back instead")
    parser.add_argument("--outgoing", type=_count, metavar="N", help="other calls that go out")
    parser.add_argument(
        "--outgoing-talk", type=_amount, metavar="MINUTES", dest="outgoing_min", help="of each"
    )
    parser.add_argument("--mobile", type=_share, metavar="PERCENT", help="of the numbers are mobiles")
    parser.add_argument("--seats", type=_count, metavar="N", help="operators there at the same time")
    parser.add_argument("--prices", type=Path, metavar="FILE", help="another price file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 2 when the price file cannot be read."""
    from quartier.cli import terminal_language

    with terminal_language():
        from django.utils.translation import gettext as _

        from quartier.config import installation
        from quartier.telephony import prices

        try:
            if args.prices:
                known = prices.read(args.prices.read_text(encoding="utf-8"))
            else:
                known = prices.load(installation.load().home / "line")
        except (OSError, UnicodeDecodeError, prices.BadPrices) as error:
            print(_("The price file cannot be read: {error}").format(error=error), file=sys.stderr)
            return 2
        given = {
            name: value for name, value in vars(args).items() if name in prices.Case.__dataclass_fields__
        }
        case = prices.Case(**{name: value for name, value in given.items() if value is not None})
        bills = [prices.bill(case, carrier, known) for carrier in known.carriers]
        if args.json:
            print(json.dumps(_plain(case, known, bills)))
        else:
            print("\n".join(_table(case, known, bills)))
    return 0


def _plain(case: "Case", prices: "Prices", bills: list["Bill"]) -> dict[str, Any]:
    """Amounts in EUR, as text: money is no floating-point number."""
    return {
        "prices_dated": prices.dated.isoformat(),
        "case": {name: str(getattr(case, name)) for name in case.__dataclass_fields__},
        "bills": [
            {
                "carrier": each.carrier.key,
                "name": each.carrier.name,
                "lines": {
                    "number": str(each.number),
                    "seats": str(each.seats),
                    "server": str(each.server),
                    "incoming": str(each.incoming),
                    "called_back": str(each.called_back),
                    "outgoing": str(each.outgoing),
                },
                "total": str(each.total),
                "with_tax": str(each.with_tax),
            }
            for each in bills
        ],
    }


def _table(case: "Case", prices: "Prices", bills: list["Bill"]) -> list[str]:
    from django.utils.translation import gettext as _

    from quartier.lib.days import calendar_day

    said = [
        _("{calls} calls in {days} days; {talk} minutes of talking and {wait} of waiting each.").format(
            calls=case.calls, days=case.days, talk=_number(case.talk_min), wait=_number(case.wait_min)
        ),
        _(
            "{callbacks}% are called back; {outgoing} other calls go out; {mobile}% of the numbers are "
            "mobiles."
        ).format(
            callbacks=_number(case.callbacks * 100),
            outgoing=case.outgoing,
            mobile=_number(case.mobile * 100),
        ),
    ]
    for each in bills:
        said += ["", _name(each.carrier)]
        said += _rows(each)
    date = calendar_day(prices.dated, year=True)
    said += [
        "",
        _(
            "Prices of {date}: an order of magnitude, no offer. Check your contract; texts come on top."
        ).format(date=date),
    ]
    return [*said, *_conclusions(case, prices, bills)]


def _rows(bill: "Bill") -> list[str]:
    from django.utils.translation import gettext as _

    def minutes(text: str, count: Decimal) -> str:
        return f"{text} ({_('{count} min').format(count=_number(count.quantize(Decimal(1))))})"

    rows = [
        (_("number and subscription"), bill.number),
        (_("seats"), bill.seats),
        (_("a small server"), bill.server),
        (minutes(_("incoming calls"), bill.incoming_min), bill.incoming),
        (minutes(_("callbacks"), bill.called_back_min), bill.called_back),
        (minutes(_("other outgoing calls"), bill.outgoing_min), bill.outgoing),
        (_("together"), bill.total),
        (_("with {vat}% tax").format(vat=_number(bill.vat)), bill.with_tax),
    ]
    # Who is not paid by seat has no seats to pay, and who rents seats no machine for the line.
    shown = [
        (words, amount) for words, amount in rows if amount or words not in {_("seats"), _("a small server")}
    ]
    widest = max(len(words) for words, _amount in rows)
    return [f"  {words:<{widest}}  {_euros(amount):>10}" for words, amount in shown]


def _conclusions(case: "Case", prices: "Prices", bills: list["Bill"]) -> list[str]:
    """What somebody must know who decides: the cheapest, and what a free number does to it."""
    from django.utils.translation import gettext as _

    usual = next(each for each in bills if each.carrier.key == prices.usual.key)
    said = [""]
    if usual.with_tax <= MODEL:
        said.append(
            _("With the usual contract ({name}) it stays under {model}: {total} with tax.").format(
                name=_name(usual.carrier), model=_euros(Decimal(MODEL)), total=_euros(usual.with_tax)
            )
        )
    else:
        said.append(
            _("With the usual contract ({name}) it costs more than {model}: {total} with tax.").format(
                name=_name(usual.carrier), model=_euros(Decimal(MODEL)), total=_euros(usual.with_tax)
            )
        )
    free = next((each for each in bills if each.carrier.key == "sip_freephone"), None)
    if free is not None and free is not usual and free.with_tax > usual.with_tax:
        said.append(
            _(
                "With a freephone number (0800) it costs {total}: the group pays for every minute, waiting "
                "included."
            ).format(total=_euros(free.with_tax))
        )
    return said


def _name(carrier: "Carrier") -> str:
    """Of those that ship, in the reader's language; of others, as the file says."""
    from django.utils.translation import gettext as _

    from quartier.telephony import prices

    shipped = {each.key: each.name for each in prices.shipped().carriers}
    if shipped.get(carrier.key) != carrier.name:
        return carrier.name
    return {
        "sip_geographic": _("SIP trunk, geographic number"),
        "sip_freephone": _("SIP trunk, freephone number (0800)"),
        "cloud_geographic": _("Voice API of a cloud provider, geographic number"),
        "rented_seats": _("Rented call centre, paid by seat"),
    }.get(carrier.key, carrier.name)


def _number(value: Decimal) -> str:
    """As it is written in the reader's language, without zeros at the end."""
    from django.utils import formats

    plain = value.normalize()
    return str(
        formats.number_format(plain if plain == plain.to_integral() else value.normalize(), use_l10n=True)
    )


def _euros(amount: Decimal) -> str:
    from quartier.look.rules import money

    return money(int((amount * 100).to_integral_value()))
