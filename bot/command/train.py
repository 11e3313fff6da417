"""`vejviser train`: train the model if a source changed."""

import argparse

from bot.engine.logs import configure_logs
from bot.engine.training import remember_meaning, train_if_needed
from bot.settings import Settings


def train(settings: Settings, given: argparse.Namespace) -> int:
    configure_logs("WARNING")
    if given.remember:
        remember_meaning(settings)
    print(train_if_needed(settings, again=given.again))  # noqa: T201 - the command's result
    return 0
