"""What is only counted by the day, collected until all is invented."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from bot.store.simulation_verbs import EntryRow, Invented, TallyRow


@dataclass
class Counts:
    entries: Counter[tuple[dt.date, str, str]] = field(default_factory=Counter)
    tallies: Counter[tuple[dt.date, str, str, str]] = field(default_factory=Counter)

    def enter(self, day: dt.date, code: str, language: str) -> None:
        self.entries[day, code, language] += 1

    def tally(self, day: dt.date, kind: str, code: str, language: str) -> None:
        self.tallies[day, kind, code, language] += 1

    def rows(self) -> Invented:
        return Invented(
            entries=[EntryRow(*key, n) for key, n in sorted(self.entries.items())],
            tallies=[TallyRow(*key, n) for key, n in sorted(self.tallies.items())],
        )
