"""Recordings: the sound's own packets, put into a new container that says nothing but how to play them."""

from fractions import Fraction
from io import BytesIO
from typing import NoReturn

import av
import av.subtitles.codeccontext
import av.subtitles.stream  # any recording makes the library load these late, when nothing more can be opened
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from bot.evidence import mp3
from bot.evidence.formats import Form
from bot.evidence.kinds import LARGEST, MEDIA, Cleaned, Refusal, RefusedError
from bot.evidence.sound_bytes import Piece, cleaned, plain_wave, set_up

LONGEST = 2 * 60 * 60
"""Seconds."""
_WHOLE = 0.95
"""Of what an index promises; programs count the silence at either end in several ways."""
_QUIET = {"fflags": "+bitexact"}
"""Neither the muxer's version nor the hour."""
_UNTAGGED = {"mp3": {"id3v2_version": "0"}}
_READERS = {Form.MP4: "mov"}
_WRITERS = {"m4a": "ipod", "awb": "amr"}
_SAMPLES = "pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le pcm_f64le pcm_alaw pcm_mulaw"
_MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "aac": "audio/mp4",
    "alac": "audio/mp4",
    "opus": "audio/ogg",
    "vorbis": "audio/ogg",
    "flac": "audio/flac",
    "amr_nb": "audio/amr",
    "amr_wb": "audio/amr-wb",
    **dict.fromkeys(_SAMPLES.split(), "audio/wav"),
}


def clean(content: bytes, form: Form) -> Cleaned:
    """The first sound track. FLAC is decoded and coded again, which changes no sample; the others keep their coding."""
    sound = content[mp3.tags_end(content) :]
    if form is Form.WAV:
        sound = plain_wave(sound)
    reader = _READERS.get(form, form.value)
    with av.open(BytesIO(sound), "r", format=reader, io_open=_nothing_else) as source:
        track = _sound_of(source)
        codec = track.codec_context.codec.canonical_name if track.codec_context else ""
        if codec not in _MEDIA_TYPES:
            raise RefusedError(Refusal.UNKNOWN_KIND)
        written = _coded_again(source, track) if codec == "flac" else _repacked(source, track, codec)
    if len(written) > LARGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    return Cleaned(_MEDIA_TYPES[codec], written)


def _nothing_else(*_: object) -> NoReturn:
    """A recording may ask for further files; there are none."""
    raise FileNotFoundError


def _sound_of(source: InputContainer) -> AudioStream:
    """A picture of the cover is a stream of film too, but says that it is one."""
    for stream in source.streams:
        if stream.type == "video" and not stream.disposition & Disposition.attached_pic:
            raise RefusedError(Refusal.VIDEO)
    if not source.streams.audio:
        raise RefusedError(Refusal.BROKEN)
    return source.streams.audio[0]


def _repacked(source: InputContainer, track: AudioStream, codec: str) -> bytes:
    pieces = _pieces(source, track)
    _refuse_too_long(pieces, _unit(track))
    _refuse_cut_short(pieces, track)
    kept = cleaned(pieces, codec)
    if not kept:
        raise RefusedError(Refusal.BROKEN)
    extension = MEDIA[_MEDIA_TYPES[codec]].extension
    writer, options = _WRITERS.get(extension, extension), _QUIET | _UNTAGGED.get(extension, {})
    out = BytesIO()
    with av.open(out, "w", format=writer, options=options) as target:
        new = target.add_stream_from_template(track)
        if track.codec_context.extradata:
            new.codec_context.extradata = set_up(codec, track.codec_context.extradata)
        for piece in kept:
            target.mux(_packet(piece, track, new))
    return out.getvalue()


def _pieces(source: InputContainer, track: AudioStream) -> list[Piece]:
    """One after the other: pauses stay, but a piece that is told to start before the last one ends is moved back."""
    pieces: list[Piece] = []
    packets = [packet for packet in source.demux(track) if packet.size]
    following = (_told_start(packets[0]) or 0) if packets else 0
    for packet in packets:
        told, length = _told_start(packet), packet.duration or 0
        start = following if told is None else max(told, following)
        pieces.append(Piece(bytes(packet), start, length))
        following = start + max(1, length)
    return pieces


def _told_start(packet: "Packet[AudioStream]") -> int | None:
    return packet.pts if packet.dts is None else packet.dts


def _packet(piece: Piece, track: AudioStream, new: AudioStream) -> "Packet[Stream]":
    """A new one: the old may carry remarks beside its data."""
    packet = Packet(piece.data)
    packet.pts = packet.dts = piece.start
    packet.duration = piece.length
    packet.time_base = track.time_base
    packet.is_keyframe = True
    packet.stream = new
    return packet


def _unit(track: AudioStream) -> Fraction:
    """Seconds in which the track reckons."""
    return Fraction(track.time_base.numerator, track.time_base.denominator)


def _refuse_too_long(pieces: list[Piece], unit: Fraction) -> None:
    """By the sound itself, and by the clock of its pieces, which a player goes by."""
    if not pieces:
        return
    span = pieces[-1].start + pieces[-1].length - pieces[0].start
    if max(span, sum(piece.length for piece in pieces)) * unit > LONGEST:
        raise RefusedError(Refusal.TOO_LARGE)


def _refuse_cut_short(pieces: list[Piece], track: AudioStream) -> None:
    """Only a container with an index, which counts its pieces, knows how long it should be; others guess."""
    is_counted = track.frames > 0
    if is_counted and sum(piece.length for piece in pieces) < _WHOLE * (track.duration or 0):
        raise RefusedError(Refusal.BROKEN)


def _coded_again(source: InputContainer, track: AudioStream) -> bytes:
    """Behind the last frame of a FLAC anything may stand, and nothing but decoding tells where that frame ends."""
    out, samples = BytesIO(), 0
    with av.open(out, "w", format="flac", options=_QUIET) as target:
        new = target.add_stream("flac", rate=track.rate, layout=track.layout.name, format=track.format.name)
        for frame in source.decode(track):
            frame.pts, frame.time_base = samples, Fraction(1, track.rate)
            samples += frame.samples
            if samples > LONGEST * track.rate:
                raise RefusedError(Refusal.TOO_LARGE)
            target.mux(new.encode(frame))
        target.mux(new.encode(None))
    promised = (track.duration or 0) * _unit(track) * track.rate
    if not samples or samples < int(promised):
        raise RefusedError(Refusal.BROKEN)
    return out.getvalue()
