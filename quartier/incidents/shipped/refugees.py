"""People who have fled and arrive here. After what Fedasil and the federal hub for Ukraine (Belgium) ask of
volunteers and hosts; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

REFUGEES = Template(
    code="refugees",
    icon="crowd",
    name=_("People who have fled"),
    brings=_("A place to sleep, interpreters, clothes and things, meals; and discretion."),
    sentence=_("Have you just arrived? A neighbour helps with a bed, clothes, the language and the way."),
    kinds=("shelter", "interpret", "things", "meal", "transport", "papers", "talk", "other"),
    questions=(
        Asked("tonight", _("Is there a place to sleep for tonight?"), _("A place to sleep tonight")),
        Asked("interpreter", _("Is an interpreter needed?"), _("Interpreter needed"), for_neighbour=True),
        Asked("children", _("Are there children?"), _("Children")),
    ),
    script=(
        _("I do not ask about your papers. Tell me only what you need."),
        _("Shall I look for somebody who interprets? Then we call you again together."),
    ),
    door=(
        _("You come with an interpreter, or call one: a child does not interpret."),
        _("No photographs of anybody, even with the best of intentions."),
        _("No questions about papers, nor about what happened. You listen if they tell."),
    ),
    announce=_(
        "Have you had to flee, and are you new here? A bed, a coat, somebody who interprets: tell us what you need."
    ),
    asks=_("People who have fled arrive here. Who brings clothes and things, and shows the way?"),
    occasion="arrival",
    check_in=_("Do you know where you sleep this week, and whom you can ask?"),
)
