"""What is planted in Marie's file, and must be found nowhere but on the page of who goes."""

DETAILS = "Deux pains gris\nTrois citrons"
NOTES = "2e sonnette, vestibule vert"
PLANTED = (
    "Rue du Page",
    "vestibule vert",
    "citrons",
    "Peeters",
    "+3220001427",
    "14\u00a027",
    "14 27",
)


def state(request):
    """Where the request stands, and how many go."""
    request.refresh_from_db()
    return request.state, request.accepted
