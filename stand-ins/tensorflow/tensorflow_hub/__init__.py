"""Stands in for tensorflow_hub; the package tensorflow beside it tells why."""

from tensorflow._stand_in import attribute_of

__getattr__ = attribute_of("tensorflow_hub")
