"""The codes of a report and of what becomes of it; their sources stand in docs/reports.md."""

UNSURE, UNSAID = "unsure", "not_said"
YES, NO = "yes", "no"

ROLES = ("self", "witness", "on_behalf", UNSAID)
GROUNDS = (
    "race", "skin_colour", "ethnic_origin", "national_origin", "social_origin", "religion_belief",
    "political_opinion", "sex", "pregnancy_parental_leave", "gender_identity", "gender_expression",
    "sex_characteristics", "sexual_orientation", "age", "disability", "language", "residence_status", "other", UNSURE,
)  # fmt: skip
AREAS = (
    "looking_for_work", "at_work", "housing", "education", "health", "social_services", "public_administration",
    "police_border", "shops_hospitality", "transport", "leisure_associations", "public_space", "online_media",
    "neighbours", UNSURE,
)  # fmt: skip
FORMS = (
    "direct", "indirect", "harassment", "sexual_harassment", "instruction", "reprisal",
    "denial_of_reasonable_adjustment", "hate_speech", "hate_crime", "other", UNSURE,
)  # fmt: skip
RELATIONS = (
    "employer_or_manager", "colleague", "applicant_stage", "landlord", "public_employee", "service_staff", "teacher",
    "pupil_or_parent", "neighbour", "stranger", "online_unknown", "association", "other", UNSURE,
)  # fmt: skip
HARMS = (
    "fear", "sad_or_ill", "hurt", "money_or_job", "home_or_place", "stays_away", "things_broken", "none", UNSURE,
)  # fmt: skip
PROOFS = ("photo", "document", "message", "audio", "witness", "none", UNSURE)
DISTRICTS = (
    "indre-by", "osterbro", "norrebro", "vesterbro-kongens-enghave", "valby", "vanlose", "bronshoj-husum",
    "bispebjerg", "amager-ost", "amager-vest", "outside", "online", UNSAID,
)  # fmt: skip
WISHES = (
    "only_be_counted", "be_heard", "advice", "mediation", "apology", "stop_it", "change_of_rule", "compensation",
    "report_to_police", "not_sure",
)  # fmt: skip
WHEN = ("earlier", "ongoing", "unknown")
"""Beside a month such as `2026-11`."""
REASONS = ("none", "given", UNSURE)
YES_NO = (YES, NO, UNSURE)
CONTACTS = ("receipt_only", "phone", "email")

READ, REPLY, FORWARD = "staff_may_read", "staff_may_reply", "may_forward"
CONSENTS = (READ, REPLY, FORWARD)
"""Beyond being counted, which is what sending means; each asked separately, and revocable."""
FORWARD_TO = ("institut-for-menneskerettigheder", "borgerraadgiveren", "police-hate-crime")
"""The bodies to which staff may hand a report over, by the directory's ids; one of them is named in the consent."""

TRIAGES = ("unseen", "genuine", "duplicate", "test", "spam")
JOURNAL = ("undecided", "journalised", "not_needed")
"""Whether a report was journalised (offentlighedsloven § 15)."""
CLOSINGS = ("answered", "handed_over", "counted", "no_contact", "not_a_report")
"""Why a report was closed."""
STATUSES = ("new", "acknowledged", "in_review", "awaiting_reporter", "referred", "closed")
HOLDS = ("police_case", "court_case", "complaint", "archive_law")
"""Why a report may not be deleted yet."""
COVERAGE = ("covered_likely", "covered_unclear", "outside_law_now", "other_rule_applies")
"""The staff's view of the law; no value says that it did not happen."""

STEPS = ("not_went", "went", "started", "finished")
"""What somebody did with a place on their slip."""
MET = (1, 2, 3, 4, 5)
"""How they were met there, from badly to well."""

REPORT_STEP, UNMET, UNKNOWN_WORDS = "step", "unmet", "unknown_words"
"""What is counted by the day: a question of a report that was reached, a need that nothing fitted, a message that was
not understood."""
BEGUN, SENT, PAUSED, CANCELLED = "begun", "sent", "paused", "cancelled"
"""Steps of a report beside its questions."""
POLLS = ("trust", "community", "influence")
"""Statements that the holder of a slip may answer: the plan's own three words for inclusion."""
TAKEN_SERIOUSLY = "taken_seriously"
"""The statement that somebody may answer about their report."""
GRADES = (1, 2, 3, 4, 5)
"""How true a statement is for somebody, from not at all to completely."""
USEFUL, USEFUL_ANSWERS = "useful", (YES, NO)
"""Whether an answer that showed places was useful, as one says by a tap under it."""

WITH_CONSENT, DUTY = "with_consent", "duty"
HANDOVER_MODES = (WITH_CONSENT, DUTY)
"""Why a report was handed over: its person named the body, or the law asks for it (forvaltningsloven § 7, 2)."""
AUTHORITIES = ("borgerraadgiveren", "police-hate-crime")
"""The bodies to which a report may be passed on by duty: public authorities; a jurist has not confirmed the list."""
BY_CONSOLE, BY_ENDPOINT, BY_DOWNLOAD = "console", "endpoint", "download"
HANDOVER_WAYS = (BY_CONSOLE, BY_ENDPOINT, BY_DOWNLOAD)
HANDOVER_STATES = (
    "made", "sending", "sent", "seen", "accepted", "declined", "failed", "recalled", "recalled_late",
)  # fmt: skip
"""`recalled`: taken back before anything left; `recalled_late`: emptied here, but the body may have a copy."""
HANDOVER_OUTCOMES = (
    "pending", "resolved_informally", "upheld", "not_upheld", "settled", "rejected_no_competence", "rejected_time",
    "withdrawn", "unknown",
)  # fmt: skip
"""What came of it at the body, after the practice of Ligebehandlingsnævnet; `not_upheld` is the body's, never ours."""
NOT_HANDED_OVER = (
    "not_readable", "takes_none", "not_named", "no_authority", "taken_back", "no_account", "no_endpoint",
    "too_large", "changed", "recalled", "not_theirs", "wrong_state",
)  # fmt: skip
"""Why a report cannot be handed over, opened or answered."""
DELIVERY_FAULTS = (
    "unreachable", "tls", "certificate_expired", "certificate_early", "certificate_name", "certificate_unknown",
    "timeout", "broken", "no_endpoint",
)  # fmt: skip
"""Why a sending failed, beside `http_` and the status with which the body's server answered."""
