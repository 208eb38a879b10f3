"""People who have fled and arrive here. After what Fedasil and the federal hub for Ukraine (Belgium) ask of
volunteers and hosts; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

REFUGEES = Template(
    code="refugees",
    icon="crowd",
    name=_("Refugees"),
    brings=_("A place to sleep, interpreters, clothes and things, meals; and discretion."),
    sentence=_(
        "Have you just arrived? A neighbour can help with a bed, clothes, the language and finding your way."
    ),
    kinds=("shelter", "interpret", "things", "meal", "transport", "papers", "talk", "other"),
    questions=(
        Asked("tonight", _("Is there a place to sleep for tonight?"), _("A place to sleep tonight")),
        Asked("interpreter", _("Is an interpreter needed?"), _("Interpreter needed"), for_neighbour=True),
        Asked("children", _("Are there children?"), _("Children")),
    ),
    script=(
        _("I will not ask about your papers. Just tell me what you need."),
        _("Shall I look for someone who interprets? Then we will call you back together."),
    ),
    door=(
        _("Come with an interpreter, or call one: do not let a child interpret."),
        _("Do not photograph anyone, even with the best of intentions."),
        _("Do not ask about papers, or about what happened. Listen if they want to tell you."),
    ),
    announce=_(
        "Have you had to leave home, and are you new here? A bed, a coat, someone who interprets: tell us "
        "what you need."
    ),
    asks=_("Refugees are arriving here. Could you bring clothes and things, or show them the way?"),
    occasion="arrival",
    check_in=_("Do you know where you will sleep this week, and who you can ask?"),
)
