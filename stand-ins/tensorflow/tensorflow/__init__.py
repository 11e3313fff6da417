"""Stands where TensorFlow would stand, so that Rasa 3.6 imports without it.

Rasa imports `tensorflow` and `keras` while it is being imported, whether or not a component
uses them (`rasa/utils/train_utils.py` leads to `rasa/utils/tensorflow/callback.py`), and
training imports every default component. Here each name in each submodule is an empty class.
A component that really uses one is refused by its name: see `TensorFlowIsLeftOut`.
"""

from tensorflow._stand_in import TensorFlowIsLeftOut, attribute_of, stand_in_for

stand_in_for("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")

__getattr__ = attribute_of("tensorflow")
__all__ = ["TensorFlowIsLeftOut"]
