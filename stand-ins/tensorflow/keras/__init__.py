"""Stands in for keras; the package tensorflow beside it tells why."""

from tensorflow._stand_in import attribute_of

__getattr__ = attribute_of("keras")
