"""The codes of a report; their sources stand in docs/reports.md."""

GROUNDS = (
    "race", "skin_colour", "ethnic_origin", "national_origin", "social_origin", "religion_belief",
    "political_opinion", "sex", "pregnancy_parental_leave", "gender_identity", "gender_expression",
    "sex_characteristics", "sexual_orientation", "age", "disability", "language", "residence_status", "other", "unsure",
)  # fmt: skip
AREAS = (
    "looking_for_work", "at_work", "housing", "education", "health", "social_services", "public_administration",
    "police_border", "shops_hospitality", "transport", "leisure_associations", "public_space", "online_media",
    "neighbours", "unsure",
)  # fmt: skip
DISTRICTS = (
    "indre-by", "osterbro", "norrebro", "vesterbro-kongens-enghave", "valby", "vanlose", "bronshoj-husum",
    "bispebjerg", "amager-ost", "amager-vest", "outside", "online", "not_said",
)  # fmt: skip
ROLES = ("self", "witness", "on_behalf", "not_said")
WISHES = (
    "only_be_counted", "be_heard", "advice", "mediation", "apology", "stop_it", "change_of_rule", "compensation",
    "report_to_police", "not_sure",
)  # fmt: skip
STEPS = ("not_went", "went", "started", "finished")
"""What somebody did with a place on their slip."""
MET = (1, 2, 3, 4, 5)
"""How they were met there, from badly to well."""
WHEN = ("earlier", "ongoing", "unknown")
"""Beside a month such as `2026-11`."""
