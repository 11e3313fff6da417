"""Every order of the console with fields that it takes, so that a test can spoil one of them at a time."""

from dataclasses import dataclass

from bot.accounts.roles import ADMINISTRATOR, ANALYST, COORDINATOR, PARTNER, TRANSLATOR
from bot.casework.vocabulary import FORWARD_TO
from bot.web.console.app import ENTRIES

INSTITUTE = FORWARD_TO[0]
NEW = "correct horse battery staple"
AS_WHAT, LANGUAGE, MEASURE = "danish_start", "pl", "reports.by_ground"

FIELDS: dict[tuple[str, str], dict[str, str]] = {
    ("key.open", COORDINATOR): {"passphrase": "a wrong passphrase", "next": "/"},
    ("confirm", COORDINATOR): {"password": "a wrong password", "code": "123456", "next": "/"},
    ("queue.save-view", COORDINATOR): {"name": "mine", "chosen": "status=new&label=a"},
    ("queue.drop-view", COORDINATOR): {"name": "none"},
    ("report.take", COORDINATOR): {},
    ("report.assign", COORDINATOR): {"name": "kim"},
    ("report.status", COORDINATOR): {"status": "in_review"},
    ("report.triage", COORDINATOR): {"triage": "genuine"},
    ("report.labels", COORDINATOR): {"labels": "one, two"},
    ("report.translator", COORDINATOR): {"needed": "yes"},
    ("report.note", COORDINATOR): {"text": "a note", "order": "1"},
    ("report.answer", COORDINATOR): {
        "text": "an answer", "language": "en", "after": "in_review", "template": "", "body": "", "order": "1",
    },
    ("report.coverage", COORDINATOR): {"result": "covered_unclear", "reason": "a view", "order": "1"},
    ("report.hold", COORDINATOR): {"hold": "court_case"},
    ("report.journal", COORDINATOR): {"journal": "journalised"},
    ("report.hand-over", COORDINATOR): {"body": INSTITUTE, "mode": "with_consent", "way": "download", "files": "yes"},
    ("report.handover-send", COORDINATOR): {},
    ("report.handover-outcome", COORDINATOR): {"outcome": "settled"},
    ("report.close", COORDINATOR): {"outcome": "answered"},
    ("report.reopen", COORDINATOR): {},
    ("forwarded.answer", PARTNER): {"state": "accepted"},
    ("forwarded.outcome", PARTNER): {"outcome": "settled"},
    ("key.open", PARTNER): {"passphrase": "a wrong passphrase", "next": "/"},
    ("questions.sort", COORDINATOR): {"as_what": AS_WHAT, "language": "en"},
    ("questions.drop", COORDINATOR): {},
    ("questions.export", COORDINATOR): {},
    ("statistics.download", ANALYST): {"release": "reports-2026Q3-internal-1"},
    ("statistics.rows", COORDINATOR): {"quarter": "2026Q3"},
    ("reviews.note", TRANSLATOR): {
        "catalogue": "pages", "context": "start.title", "source": "0" * 12, "read": "0" * 12, "verdict": "corrected",
        "corrected": "better words",
    },
    ("accounts.add", ADMINISTRATOR): {"name": "new", "role": "partner", "body": INSTITUTE, "subject": "https://x 1"},
    ("accounts.role", ADMINISTRATOR): {"name": "other", "role": "partner", "body": INSTITUTE},
    ("accounts.lock", ADMINISTRATOR): {"name": "other", "active": "yes"},
    ("accounts.renew", ADMINISTRATOR): {"name": "other"},
    ("keys.add", COORDINATOR): {"name": "spare"},
    ("keys.remove", COORDINATOR): {"name": "none"},
    ("me.password", COORDINATOR): {"old": "a wrong password", "new": NEW},
    ("me.phone", TRANSLATOR): {},
    ("me.recovery-codes", TRANSLATOR): {},
    ("me.passphrase", COORDINATOR): {"old": "a wrong passphrase", "new": NEW},
    ("me.passphrase", PARTNER): {"old": "a wrong passphrase", "new": NEW},
}  # fmt: skip
"""{(name of the entry, who gives the order): fields}, in an order in which none ends the next; but for signing out."""
ENDS = "sign-out"


@dataclass(frozen=True)
class Order:
    name: str
    role: str
    path: str
    fields: dict[str, str]


def orders() -> list[Order]:
    paths = {entry.name: entry.path for entry in ENTRIES if entry.method == "POST"}
    return [Order(name, role, paths[name], fields) for (name, role), fields in FIELDS.items()]
