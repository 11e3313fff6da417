"""Reads the command line and hands over to the command's module; each is imported only when it is called."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bot.errors import VejviserError
from bot.settings import Settings, read_settings

type Command = Callable[[Settings, argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="vejviser", description="A guide for people who are new in Copenhagen.")
    commands = root.add_subparsers(dest="command", required=True)
    _add_service(commands)
    _add_staff(commands)
    train = commands.add_parser("train", help="train the model if a source changed")
    train.add_argument("--again", action="store_true", help="train even if nothing changed")
    train.add_argument(
        "--remember", action="store_true", help="first write the vectors of changed messages beside them"
    )
    chat = commands.add_parser("chat", help="talk to the guide in the terminal")
    chat.add_argument("--lang", help="code of the language to begin in")
    parse = commands.add_parser("parse", help="lines of text in, one line of JSON with its need out")
    parse.add_argument("--lang", help="code of the language of all lines; detected if left out")
    evaluate = commands.add_parser("evaluate", help="how well held-out messages are understood, by language")
    evaluate.add_argument("--held-out", help="folder of <code>.yml files (tests/understanding/held_out)")
    evaluate.add_argument("--lang", help="code of one language; all if left out")
    evaluate.add_argument("--json", action="store_true", help="for machines")
    commands.add_parser("messages", help="what an editor should look at among the training messages")
    _add_editors(commands)
    _add_audit(commands)
    _add_operators(commands)
    _add_statistics(commands)
    _add_simulation(commands)
    return root


def _add_service(commands: Any) -> None:
    """Serving, and the keys without which nothing is served."""
    serve = commands.add_parser("serve", help="train if needed, then serve the chat and the console")
    serve.add_argument(
        "--only", choices=["chat", "console"], help="one of the two processes, perhaps on another machine"
    )
    serve.add_argument("--workers", type=int, default=1, metavar="N", help="processes of the chat on one address (1)")
    serve.add_argument("--on", help=argparse.SUPPRESS)  # open files that a worker is given by its parent
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on (8000)")
    keys = commands.add_parser("keys", help="who can open what is sealed")
    keys.add_argument(
        "what",
        choices=["make", "list", "add", "remove", "try"],
        help="make: the first keys, with passphrases that are shown once; add: let somebody open reports, or give them "
        "a new passphrase; remove: take that away and replace the team's key; try: whether a passphrase opens it",
    )
    keys.add_argument("name", nargs="?", help="add, remove and try: whose")
    keys.add_argument(
        "--by", default="team", help="add and remove: who opens the team's key for it (team; or recovery)"
    )


def _add_editors(commands: Any) -> None:
    """The commands of those who keep services and words."""
    directory = commands.add_parser("directory", help="the services")
    directory.add_argument(
        "what",
        choices=["check", "show", "due", "bank"],
        help="check: every fault by entry and field; show: what a resident would get, and why; "
        "due: what to check again, oldest first; bank: the plan's project bank",
    )
    directory.add_argument("--links", action="store_true", help="check: also whether every page still answers")
    directory.add_argument("--need", help="show: a need, such as danish_start")
    directory.add_argument("--situation", help="show: such as residence=eu,cpr=no")
    directory.add_argument("--json", action="store_true", help="show, due and bank: for machines")
    outcomes = commands.add_parser("outcomes", help="take what partners say of slips")
    outcomes.add_argument("file", help="CSV in UTF-8 with the columns code, service, step, met")
    languages = commands.add_parser("languages", help="the state of every translation")
    languages.add_argument("--update", action="store_true", help="bring the catalogues up to date with their sources")
    languages.add_argument("--json", action="store_true", help="for machines")
    languages.add_argument("--export", metavar="CODE", help="write what is missing or outdated as one .po file")
    languages.add_argument("--all", action="store_true", help="export unreviewed texts too")
    languages.add_argument("--to", metavar="FILE", help="where to export (vejviser-<code>.po)")
    languages.add_argument(
        "--import", dest="take", nargs="?", const=True, metavar="FILE",
        help="take a translated file back; without FILE, what reviewers said in the console",
    )  # fmt: skip
    languages.add_argument("--reviewed-by", metavar="NAME", help="import: a speaker of the language has read all of it")


def _add_staff(commands: Any) -> None:
    staff = commands.add_parser("staff", help="accounts of the console")
    staff.add_argument(
        "what",
        choices=["add", "list", "lock", "unlock", "renew"],
        help="add: an account, with what opens it, shown once; renew: the same for somebody who lost theirs; "
        "lock: at once, unlock: again",
    )
    staff.add_argument("name", nargs="?", help="whose")
    staff.add_argument("--role", help="add: caseworker, coordinator, partner, analyst, translator or administrator")
    staff.add_argument("--body", help="add: of a partner, the id of the body in content/law/bodies.yml")
    staff.add_argument("--subject", help="add: who they are at the city's own log-in: 'issuer subject'")
    staff.add_argument("--by", default="team", help="add: who opens the team's key for it (team)")


def _add_audit(commands: Any) -> None:
    audit = commands.add_parser("audit", help="what staff saw and did")
    audit.add_argument(
        "what",
        choices=["verify", "show"],
        help="verify: whether anything on record was changed or taken away; show: the newest events first",
    )
    audit.add_argument("--object", metavar="ID", help="show: only what was done to it, such as a report")
    audit.add_argument("--most", type=int, default=20, metavar="N", help="show: how many (20)")
    audit.add_argument("--json", action="store_true", help="show: for machines")


def _add_operators(commands: Any) -> None:
    """The commands of those who keep the store."""
    backup = commands.add_parser("backup", help="what is kept elsewhere")
    backup.add_argument(
        "what",
        choices=["key", "make"],
        help="key: the pair to which backups are sealed, its secret half shown once; "
        "make: a backup, while the service runs, that says OK only once it was read back",
    )
    backup.add_argument("--to", metavar="DIR", help="make: a folder that is there, best on another machine's disk")
    restore = commands.add_parser("restore", help="bring a backup back into an empty store")
    restore.add_argument("file", help="made by `vejviser backup make`")
    restore.add_argument("--key", metavar="FILE", help="holds the secret key")
    restore.add_argument("--look", action="store_true", help="only read it to its end")
    restore.add_argument(
        "--drill", action="store_true", help="into a folder that is deleted afterwards, to know that it would"
    )
    store = commands.add_parser("store", help="where everything is kept")
    store.add_argument(
        "what",
        choices=["move", "erase"],
        help="move: carry it to PostgreSQL; cut off, it goes on when started again; "
        "erase: delete what is kept no longer, where the log says clock_jumped and the clock is right",
    )
    store.add_argument("--day", metavar="2026-11-30", help="erase: today, as a calendar shows it")
    store.add_argument("--to", metavar="URL", help="postgresql://user@host/database")
    store.add_argument("--finish", action="store_true", help="once the service is stopped: the old store takes no more")


def _add_statistics(commands: Any) -> None:
    """The commands of analysts."""
    targets = commands.add_parser("targets", help="the plan's targets, and official figures of them")
    targets.add_argument(
        "what",
        choices=["import", "show"],
        help="import: official figures from a CSV file, whole or not at all; show: both series of each target, apart",
    )
    targets.add_argument("file", nargs="?", help="import: its own columns, a StatBank table, or a column a year")
    targets.add_argument("--target", metavar="ID", help="the one target that the file or the question is about")
    targets.add_argument("--value-column", metavar="NAME", help="import: where the figures stand (INDHOLD)")
    targets.add_argument("--year-column", metavar="NAME", help="import: where their years stand (TID)")
    targets.add_argument("--source", metavar="TEXT", help="import: whose figures, if the file does not say it")
    targets.add_argument("--source-url", metavar="URL", help="import: where they are published")
    targets.add_argument(
        "--only", metavar="TEXT", action="append", help="import: only lines with a cell that says this; may be repeated"
    )
    targets.add_argument("--json", action="store_true", help="show: for machines")
    export = commands.add_parser("export", help="the figures of a quarter as files, protected and kept in the ledger")
    export.add_argument("what", choices=["referrals", "reports", "targets"], help="which figures")
    export.add_argument("--period", metavar="2026Q3", help="referrals and reports: a calendar quarter that is over")
    export.add_argument(
        "--tier",
        choices=["internal", "public"],
        help="referrals and reports: for the city's analysts, or for everybody",
    )
    export.add_argument("--to", metavar="DIR", required=True, help="a folder that is not there yet")
    export.add_argument("--again", action="store_true", help="a new edition with what was corrected since")


def _add_simulation(commands: Any) -> None:
    simulate = commands.add_parser("simulate", help="invented years in a folder of their own, to try and to show")
    simulate.add_argument("--to", metavar="FOLDER", help="a new or empty folder; never that of the service")
    simulate.add_argument("--seed", type=int, default=1, help="the same seed invents the same (1)")
    simulate.add_argument("--years", type=float, default=2.0, metavar="N", help="in quarters, such as 2 or 0.25 (2)")
    simulate.add_argument("--until", metavar="QUARTER", help="the last one, such as 2026Q3 (the newest that is over)")
    simulate.add_argument("--referrals", type=int, default=20_000, metavar="N", help="how many (20000)")
    simulate.add_argument("--reports", type=int, default=800, metavar="N", help="how many (800)")


def command_of(name: str) -> Command:
    """The command's module is imported only when it is called: Rasa alone takes three seconds."""
    command: Command = getattr(import_module(f"bot.command.{name}"), name)
    return command


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 1 with the error's text on standard error."""
    warnings.filterwarnings("ignore")  # Rasa's dependencies warn of their own age at every start
    given = parser().parse_args(arguments)
    try:
        return command_of(given.command)(read_settings(os.environ), given)
    except VejviserError as error:
        print(f"vejviser: {error}", file=sys.stderr)  # noqa: T201 - a command line speaks to its user
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
