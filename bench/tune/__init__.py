"""Tunes the upper half of the encoder of meaning to the city's needs: `make tune`, an hour on two cores.

Writes `data/meaning/encoder.onnx`. Learns from the training messages alone; those kept apart stay unseen.
"""
