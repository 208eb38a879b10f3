"""What services of the directory are about. A bit, once given, is never given again. Pure."""

from django.utils.translation import gettext_lazy as _

from quartier.lib.choices import Choice

# The name of our own taxonomy in a file; terms of others are passed over.
TAXONOMY = "quartier"
KINDS = (
    Choice("mind", 0, _("Low mood, mental health")),
    Choice("grief", 1, _("Grief")),
    Choice("company", 2, _("Company, meeting people")),
    Choice("health", 3, _("Doctor, nurse, health")),
    Choice("home", 4, _("Help at home, meals")),
    Choice("memory", 5, _("Memory, dementia")),
    Choice("carers", 6, _("For people who look after someone")),
    Choice("money", 7, _("Money, debts")),
    Choice("rights", 8, _("Papers, rights, the law")),
    Choice("housing", 9, _("Housing")),
    Choice("violence", 10, _("Violence, abuse")),
    Choice("addiction", 11, _("Alcohol, medicines, drugs")),
)
