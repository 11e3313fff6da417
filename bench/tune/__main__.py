"""`python -m bench.tune`: tune the encoder and write its file. In the environment of bench/tune (`make tune`)."""

import argparse
import random
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

from bench.tune.network import HEAD, Net, Weights, begin, meaning, needs, read_weights
from bench.tune.onnx_file import write_encoder
from bot.language.apart import is_kept_apart
from bot.language.embedding import ENCODER, LONGEST_PIECES, bounded
from bot.language.examples import examples_in
from bot.language.vocabulary import Vocabulary
from bot.settings import ROOT

FROZEN, EPOCHS, TOGETHER = 6, 3, 64
RATE, HEAD_RATE, DECAY, CLIP, WARM_UP, LAST_RATE = 1.5e-4, 3e-3, 0.01, 1.0, 0.1, 0.02
SMOOTH, DROPOUT = 0.1, 0.1
PADDED_TO = 8
SORTED_TOGETHER = 16
"""Batches that are sorted by length as one, so that little is padded."""
WORSENED = 0.25
"""Share of the messages that each pass reads as a hurried thumb would have typed them."""
TOLD_EVERY = 50
SEED = 7


@dataclass(frozen=True)
class Message:
    text: str
    need: int


def main() -> None:
    given = _arguments()
    chance = np.random.default_rng(SEED)
    random.seed(SEED)
    vocabulary = Vocabulary.of_package()
    learned, apart, labels = _messages(given.messages)
    print(f"{len(learned)} messages, {len(apart)} kept apart, {len(labels)} needs", flush=True)
    tuner = Tuner(vocabulary, labels, learned, EPOCHS * (len(learned) // TOGETHER))
    for epoch in range(EPOCHS):
        tuner.learn(learned, chance)
        print(f"pass {epoch + 1}: {tuner.share_right(apart):.4f} of those kept apart read rightly", flush=True)
    write_encoder(given.to, vocabulary, tuner.weights())
    print(f"{given.to}: {given.to.stat().st_size:,} bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.tune", description=__doc__)
    parser.add_argument("--messages", type=Path, default=ROOT / "data" / "nlu", help="training messages")
    parser.add_argument("--to", type=Path, default=ENCODER, help="where to write the encoder")
    return parser.parse_args()


def _messages(folder: Path) -> tuple[list[Message], list[Message], list[str]]:
    """Those to learn from, those kept apart, and the names of the needs."""
    read = [(need, text) for path in sorted(folder.glob("*/*.yml")) for need, _, text in examples_in(path)]
    labels = sorted({need for need, _ in read})
    number = {need: place for place, need in enumerate(labels)}
    messages = [Message(text, number[need]) for need, text in read]
    return (
        [message for message in messages if not is_kept_apart(message.text)],
        [message for message in messages if is_kept_apart(message.text)],
        labels,
    )


class Tuner:
    def __init__(self, vocabulary: Vocabulary, labels: list[str], learned: list[Message], steps: int) -> None:
        self._vocabulary = vocabulary
        net = Net(vocabulary.dimensions, vocabulary.epsilon, FROZEN, DROPOUT)
        read = {name: jnp.array(weight) for name, weight in read_weights(vocabulary).items()}
        self._frozen = {name: weight for name, weight in read.items() if _layer_of(name) < FROZEN}
        self._tuned = {name: weight for name, weight in read.items() if _layer_of(name) >= FROZEN}
        self._tuned[f"{HEAD}.w"] = jnp.zeros((vocabulary.dimensions, len(labels)))
        self._tuned[f"{HEAD}.b"] = jnp.zeros(len(labels))
        often = np.bincount([message.need for message in learned], minlength=len(labels))
        weigh = jnp.array(np.sqrt(len(learned) / len(labels) / often), jnp.float32)
        optimiser = _optimiser(steps)
        self._state = optimiser.init(self._tuned)
        self._key, self._steps, self._done, self._begun = jax.random.key(SEED), steps, 0, time.monotonic()

        def loss(tuned: Weights, frozen: Weights, x: jax.Array, there: jax.Array, right: jax.Array, key: jax.Array):  # noqa: PLR0917 - what jax differentiates by, and what it does not
            weights = {**frozen, **tuned}
            told = jax.nn.log_softmax(needs(net, weights, meaning(net, weights, x, there, key), key))
            wanted = jax.nn.one_hot(right, len(labels)) * (1 - SMOOTH) + SMOOTH / len(labels)
            return (-(wanted * told).sum(-1) * weigh[right]).mean()

        @jax.jit
        def step(tuned, state, frozen, x, there, right, key):  # noqa: PLR0917 - jax compiles it whole
            lost, slope = jax.value_and_grad(loss)(tuned, frozen, x, there, right, key)
            change, state = optimiser.update(slope, state, tuned)
            return optax.apply_updates(tuned, change), state, lost

        self._step = step
        self._read = jax.jit(lambda weights, x, there: needs(net, weights, meaning(net, weights, x, there, None), None))

    def learn(self, messages: list[Message], chance: np.random.Generator) -> None:
        """One pass over the messages, in random order."""
        pieces = [self._pieces(_worsened(m.text) if random.random() < WORSENED else m.text) for m in messages]  # noqa: S311 - no secret
        lengths, lost = np.array([len(numbers) for numbers in pieces]), 0.0
        for batch in _batches(chance.permutation(len(messages)), lengths, chance):
            x, there = self._begun_together([pieces[place] for place in batch])
            right = jnp.array([messages[place].need for place in batch])
            key = jax.random.fold_in(self._key, self._done)
            self._tuned, self._state, now = self._step(self._tuned, self._state, self._frozen, x, there, right, key)
            self._done += 1
            lost += float(now)
            if self._done % TOLD_EVERY == 0:
                print(
                    f"  step {self._done} of {self._steps}, loss {lost / TOLD_EVERY:.3f}, "
                    f"{time.monotonic() - self._begun:.0f} s", flush=True,
                )  # fmt: skip
                lost = 0.0

    def share_right(self, messages: list[Message]) -> float:
        right, weights = 0, self.weights()
        pieces = [self._pieces(message.text) for message in messages]
        order = sorted(range(len(messages)), key=lambda place: len(pieces[place]))
        for begin_at in range(0, len(order), TOGETHER):
            batch = order[begin_at : begin_at + TOGETHER]
            x, there = self._begun_together([pieces[place] for place in batch])
            read = np.asarray(self._read(weights, x, there)).argmax(1)
            right += sum(int(read[number]) == messages[place].need for number, place in enumerate(batch))
        return right / len(messages)

    def weights(self) -> dict[str, np.ndarray]:
        return {name: np.asarray(weight) for name, weight in {**self._frozen, **self._tuned}.items()}

    def _pieces(self, text: str) -> list[int]:
        return self._vocabulary.numbers(bounded(text))[:LONGEST_PIECES]

    def _begun_together(self, texts: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        longest = -(-max(map(len, texts)) // PADDED_TO) * PADDED_TO
        words = np.zeros((len(texts), longest, self._vocabulary.dimensions), np.float32)
        there = np.zeros((len(texts), longest), np.float32)
        for row, numbers in enumerate(texts):
            words[row, : len(numbers)] = self._vocabulary.vectors(numbers)
            there[row, : len(numbers)] = 1
        return begin(self._vocabulary, words), there


def _layer_of(name: str) -> int:
    return int(name.partition(".")[0].removeprefix("l"))


def _optimiser(steps: int) -> optax.GradientTransformation:
    warm = max(1, int(steps * WARM_UP))
    schedule = optax.join_schedules(
        [optax.linear_schedule(0, 1, warm), optax.cosine_decay_schedule(1, max(1, steps - warm), LAST_RATE)], [warm]
    )

    def adam(rate: float) -> optax.GradientTransformation:
        return optax.adamw(
            lambda step: schedule(step) * rate,
            weight_decay=DECAY,
            mask=lambda tree: jax.tree.map(lambda weight: weight.ndim > 1, tree),
        )

    def which(tree: Weights) -> dict[str, str]:
        return {name: HEAD if name.startswith(HEAD) else "encoder" for name in tree}

    return optax.chain(
        optax.clip_by_global_norm(CLIP), optax.multi_transform({HEAD: adam(HEAD_RATE), "encoder": adam(RATE)}, which)
    )


def _batches(order: np.ndarray, lengths: np.ndarray, chance: np.random.Generator) -> Iterator[np.ndarray]:
    batches = []
    for begin_at in range(0, len(order), TOGETHER * SORTED_TOGETHER):
        some = order[begin_at : begin_at + TOGETHER * SORTED_TOGETHER]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches += [some[at : at + TOGETHER] for at in range(0, len(some) - TOGETHER + 1, TOGETHER)]
    chance.shuffle(batches)
    yield from batches


def _worsened(text: str) -> str:
    """As typed in a hurry: without marks on letters, in small letters, or with a letter missing, doubled or swapped."""
    kind = random.random()  # noqa: S311 - no secret
    if kind < 1 / 3:
        bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
        return bare.lower().translate(str.maketrans("æøłı", "aoli"))
    place = random.randrange(max(1, len(text) - 1))  # noqa: S311 - no secret
    if kind < 2 / 3:
        return text[:place] + text[place + 1 :]
    if kind < 5 / 6:
        return text[: place + 1] + text[place:]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


if __name__ == "__main__":
    main()
