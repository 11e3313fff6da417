"""The stand-in lets Rasa be imported without TensorFlow, and refuses by name what would need it."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tensorflow  # type: ignore[import-untyped]
import yaml
from rasa.engine import validation
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier

from bot.settings import ROOT

REFUSED = {
    "DIETClassifier": "rasa.nlu.classifiers.diet_classifier",
    "ResponseSelector": "rasa.nlu.selectors.response_selector",
    "TEDPolicy": "rasa.core.policies.ted_policy",
    "UnexpecTEDIntentPolicy": "rasa.core.policies.unexpected_intent_policy",
    "LanguageModelFeaturizer": "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "ConveRTFeaturizer": "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
}
MESSAGES = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good day
- intent: goodbye
  examples: |
    - bye
    - see you
"""
DOMAIN = """
version: "3.1"
intents: [greet, goodbye]
responses:
  utter_hello:
  - text: Hello
"""


def in_a_graph(component: type) -> Any:
    """A node of a graph, as far as the check of required packages looks at it."""
    return SimpleNamespace(uses=component)


@pytest.mark.parametrize("name", REFUSED)
def test_each_component_that_needs_tensorflow_is_refused_by_name(name: str) -> None:
    component = getattr(importlib.import_module(REFUSED[name]), name)
    with pytest.raises(tensorflow.TensorFlowIsLeftOut, match=rf"^{name} needs TensorFlow.*config\.yml"):
        validation._validate_required_packages(in_a_graph(component))


def test_a_component_that_is_made_from_one_of_them_is_refused_by_the_name_of_that_one() -> None:
    diet = importlib.import_module(REFUSED["DIETClassifier"]).DIETClassifier
    with pytest.raises(tensorflow.TensorFlowIsLeftOut, match=r"^DIETClassifier"):
        validation._validate_required_packages(in_a_graph(type("OurOwn", (diet,), {})))


def test_components_that_work_without_it_pass() -> None:
    validation._validate_required_packages(in_a_graph(LogisticRegressionClassifier))
    for line in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]:
        module, _, name = line["name"].rpartition(".")
        validation._validate_required_packages(in_a_graph(getattr(importlib.import_module(module), name)))


def test_a_name_of_tensorflow_can_be_looked_up_but_not_used() -> None:
    layer = tensorflow.keras.layers.Dense
    assert issubclass(type("Ours", (layer,), {}), layer)
    with pytest.raises(tensorflow.TensorFlowIsLeftOut, match="leaves out on purpose"):
        layer(8)
    with pytest.raises(tensorflow.TensorFlowIsLeftOut):
        tensorflow.constant([1])


def test_refusal_is_an_import_error_so_that_rasa_tells_it() -> None:
    assert issubclass(tensorflow.TensorFlowIsLeftOut, ImportError)


def rasa_train(folder: Path, *components: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    config = {"recipe": "default.v1", "assistant_id": "test", "language": "en", "pipeline": list(components)}
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "nlu.yml").write_text(MESSAGES, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "RASA_TELEMETRY_ENABLED": "false"},
    )  # fmt: skip


TOKENS = [{"name": "WhitespaceTokenizer"}, {"name": "CountVectorsFeaturizer"}]


@pytest.mark.slow
def test_rasa_train_refuses_a_config_with_diet_by_name(tmp_path: Path) -> None:
    told = rasa_train(tmp_path, *TOKENS, {"name": "DIETClassifier", "epochs": 1})
    assert told.returncode != 0
    assert "DIETClassifier needs TensorFlow, which this environment leaves out on purpose" in told.stdout + told.stderr
    assert not list(tmp_path.glob("models/*"))


@pytest.mark.slow
def test_rasa_train_works_without_it(tmp_path: Path) -> None:
    told = rasa_train(tmp_path, *TOKENS, {"name": "LogisticRegressionClassifier"})
    assert told.returncode == 0, told.stderr
    assert len(list(tmp_path.glob("models/*.tar.gz"))) == 1
