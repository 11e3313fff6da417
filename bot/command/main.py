"""Reads the command line and hands over to the command's module; each is imported only when it is called."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable

from bot.errors import VejviserError
from bot.settings import Settings, read_settings

type Command = Callable[[Settings, argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="vejviser", description="A guide for people who are new in Copenhagen.")
    commands = root.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="train if needed, then serve the chat")
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on (8000)")
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
    directory = commands.add_parser("directory", help="the services")
    directory.add_argument("what", choices=["check"], help="check: explain every fault by entry and field")
    languages = commands.add_parser("languages", help="the state of every translation")
    languages.add_argument("--update", action="store_true", help="bring the catalogues up to date with their sources")
    languages.add_argument("--json", action="store_true", help="for machines")
    return root


def command_of(name: str) -> Command:
    """The command's module is imported only when it is called: Rasa alone takes three seconds."""
    if name == "serve":
        from bot.command.serve import serve as command  # noqa: PLC0415 - as above
    elif name == "train":
        from bot.command.train import train as command  # noqa: PLC0415 - as above
    elif name == "chat":
        from bot.command.chat import chat as command  # noqa: PLC0415 - as above
    elif name == "parse":
        from bot.command.parse import parse as command  # noqa: PLC0415 - as above
    elif name == "evaluate":
        from bot.command.evaluate import evaluate as command  # noqa: PLC0415 - as above
    elif name == "messages":
        from bot.command.messages import messages as command  # noqa: PLC0415 - as above
    elif name == "directory":
        from bot.command.directory import directory as command  # noqa: PLC0415 - as above
    else:
        from bot.command.languages import languages as command  # noqa: PLC0415 - as above
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
