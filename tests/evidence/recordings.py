"""A second of sound, as phones and programs record it."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
from av.container import InputContainer
from av.error import InvalidDataError
from numpy.typing import NDArray

SECONDS = 1.0
_PIECE = 1024


def recording(
    form: str,
    codec: str,
    rate: int = 44_100,
    layout: str = "mono",
    *,
    seconds: float = SECONDS,
    metadata: dict[str, str] | None = None,
) -> bytes:
    """A tone that rises, in that container and coding."""
    out = BytesIO()
    with av.open(out, "w", format=form) as target:
        options = {"strict": "experimental"} if codec == "vorbis" else {}
        track = target.add_stream(codec, rate=rate, layout=layout, options=options)
        target.metadata.update(metadata or {})
        resampler = av.AudioResampler(track.format.name, layout, rate, track.codec_context.frame_size or _PIECE)
        for frame in [*resampler.resample(_tone(rate, seconds)), *resampler.resample(None)]:
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return out.getvalue()


def filmed(form: str = "mp4", codec: str = "mpeg4", *, with_sound: bool = True) -> bytes:
    out = BytesIO()
    with av.open(out, "w", format=form) as target:
        film = target.add_stream(codec, rate=5, width=32, height=32, pix_fmt="yuv420p")
        sound = target.add_stream("aac", rate=44_100) if with_sound else None
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 50 * number, "uint8"), format="rgb24")
            target.mux(film.encode(frame))
        target.mux(film.encode(None))
        if sound:
            target.mux(sound.encode(_tone(44_100, 0.5)))
            target.mux(sound.encode(None))
    return out.getvalue()


def amr(frames: int = 50) -> bytes:
    """Fifty frames a second, of the lowest rate."""
    return b"#!AMR\n" + (b"\x04" + bytes(range(12))) * frames


def decoded(content: bytes) -> tuple[float, NDArray[np.float32]]:
    """Seconds, and samples of the first channel between -1 and 1."""
    with av.open(BytesIO(content)) as source:
        rate = source.streams.audio[0].rate
        resampler = av.AudioResampler("fltp", "mono", rate)
        frames = [part for frame in _frames(source) for part in resampler.resample(frame)]
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return len(samples) / rate, samples


def _frames(source: InputContainer) -> Iterator[av.AudioFrame]:
    """As a player does it, which passes over what is no sound."""
    for packet in source.demux(audio=0):
        with suppress(InvalidDataError):
            yield from packet.decode()


def _tone(rate: int, seconds: float) -> av.AudioFrame:
    time = np.arange(int(rate * seconds)) / rate
    wave = (np.sin(2 * np.pi * (300 + 200 * time) * time) * 12_000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16p", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    return frame
