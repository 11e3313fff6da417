"""Writes the tuned encoder in 8 bits for onnxruntime: word vectors in, one vector of unit length a text out."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bench.tune.network import HEADS, LAYERS
from bot.language.vocabulary import Vocabulary

LARGEST = 63
"""Seven bits: with eight, processors without VNNI overflow as they add two products (onnxruntime: `reduce_range`)."""
OWN = "com.microsoft"
"""onnxruntime's operators that do several steps in one."""
OPSET, OPSET_OWN, IR = 18, 1, 9
NEARLY_ZERO = 1e-12

type Tensors = Mapping[str, np.ndarray]


class Graph:
    """Nodes and constants, added in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **settings: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **settings))
        return output

    def linear(self, x: str, name: str, weights: np.ndarray, bias: np.ndarray) -> str:
        """`weights` (out, in) with one scale an output; what comes in is brought to 8 bits as it comes."""
        scales = np.maximum(np.abs(weights).max(1), NEARLY_ZERO) / LARGEST
        whole = np.rint(weights / scales[:, None]).astype(np.int8).T
        zeros = np.zeros(len(scales), np.int8)
        parts = {"q": whole, "s": scales.astype(np.float32), "z": zeros, "b": bias}
        inputs = [x, *(self.constant(f"{name}.{part}", value) for part, value in parts.items())]
        return self.add("DynamicQuantizeMatMul", inputs, f"{name}.out", OWN)


def write_encoder(path: Path, vocabulary: Vocabulary, weights: Tensors) -> None:
    graph = Graph()
    x = _begin(graph, vocabulary)
    for layer in range(LAYERS):
        x = _layer(graph, weights, layer, x, vocabulary.epsilon)
    axes = graph.constant("axes", np.array([1], np.int64))
    mean = graph.add("ReduceMean", [x, axes], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], "meaning", axis=-1, p=2)
    shape_in, shape_out = ["texts", "pieces", vocabulary.dimensions], ["texts", vocabulary.dimensions]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("words", TensorProto.FLOAT, shape_in)],
            [helper.make_tensor_value_info("meaning", TensorProto.FLOAT, shape_out)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, OPSET_OWN)],
        ir_version=IR,
    )
    onnx.checker.check_model(model, skip_opset_compatibility_check=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)


def _begin(graph: Graph, vocabulary: Vocabulary) -> str:
    """The word vectors with their places, normalised."""
    wide = vocabulary.dimensions
    places = vocabulary.numbers_of("emb.pos").reshape(-1, wide) + vocabulary.numbers_of("emb.type")[:wide]
    graph.add("Shape", ["words"], "shape", start=1, end=2)
    inputs = [graph.constant("places", places), graph.constant("first", np.array([0], np.int64)), "shape"]
    graph.add("Slice", inputs, "placed")
    graph.add("Add", ["words", "placed"], "begun")
    norm = [graph.constant(name, vocabulary.numbers_of(name)) for name in ("emb.ln.w", "emb.ln.b")]
    return graph.add("LayerNormalization", ["begun", *norm], "x", axis=-1, epsilon=vocabulary.epsilon)


def _layer(graph: Graph, weights: Tensors, layer: int, x: str, epsilon: float) -> str:
    def of(part: str) -> str:
        return f"l{layer}.{part}"

    def linear(given: str, part: str) -> str:
        return graph.linear(given, of(part), weights[of(f"{part}.w")], weights[of(f"{part}.b")])

    def normed(given: str, before: str, part: str) -> str:
        names = [of(f"{part}.{kind}") for kind in "wb"]
        inputs = [given, before, *(graph.constant(name, weights[name]) for name in names)]
        return graph.add("SkipLayerNormalization", inputs, of(f"{part}.out"), OWN, epsilon=epsilon)

    together = np.vstack([weights[of(f"{part}.w")] for part in "qkv"])
    asked = graph.linear(x, of("qkv"), together, np.concatenate([weights[of(f"{part}.b")] for part in "qkv"]))
    parts = [of(part) for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [asked], parts, axis=2, num_outputs=len(parts)))
    heard = graph.add("MultiHeadAttention", parts, of("heard"), OWN, num_heads=HEADS)
    middle = normed(linear(heard, "ao"), x, "aln")
    thought = graph.add("Gelu", [linear(middle, "fi")], of("thought"), OWN)
    return normed(linear(thought, "fo"), middle, "oln")
