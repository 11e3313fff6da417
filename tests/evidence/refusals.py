"""The table of what is refused: what it is, how it is called, and why it is not taken."""

import bz2
import gzip
import lzma
from collections.abc import Callable

from bot.evidence.cleaner import LARGEST, Refusal
from tests.evidence import hostile
from tests.evidence.corpus_photos import encoded
from tests.evidence.corpus_sounds import id3
from tests.evidence.documents import document, saved
from tests.evidence.hostile import HTML, OLE, PROGRAM, RAR, SEVEN_ZIP, SVG, half, zipped
from tests.evidence.recordings import filmed, recording

type Case = tuple[Refusal, str, str, Callable[[], bytes]]

NOTHING: list[Case] = [
    (Refusal.EMPTY, "no bytes", "a.jpg", lambda: b""),
    (Refusal.EMPTY, "only blanks", "a.txt", lambda: b" \n\t "),
    (Refusal.EMPTY, "only what cannot be seen", "a.txt", "\u200b\ufeff\x07\u202e".encode),
    (Refusal.TOO_LARGE, "a photo of too many bytes", "a.jpg", lambda: encoded("JPEG") + bytes(LARGEST)),
    (Refusal.TOO_LARGE, "a text of more than a megabyte", "a.txt", lambda: b"word " * 300_000),
    (Refusal.TOO_LARGE, "a recording of more than two hours", "a.wav", hostile.slow_recording),
    (Refusal.UNKNOWN_KIND, "bytes that say nothing", "a", lambda: bytes(range(256)) * 4),
    (Refusal.UNKNOWN_KIND, "bytes under a name that says nothing", "a.dat", lambda: bytes(range(256)) * 4),
    (Refusal.UNKNOWN_KIND, "a camera's raw photo", "a.tif", hostile.raw_photo),
    (Refusal.UNKNOWN_KIND, "sound in a coding of cinemas", "a.mp4", lambda: recording("mp4", "ac3")),
    (Refusal.UNKNOWN_KIND, "sound in a coding of the nineties", "a.wav", lambda: recording("wav", "adpcm_ima_wav")),
]

CLAIMS: list[Case] = [
    (Refusal.NOT_WHAT_IT_CLAIMS, "a PDF called a photo", "a.jpg", lambda: saved(document())),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a photo called a PDF", "a.pdf", lambda: encoded("JPEG")),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a photo called a text", "a.txt", lambda: encoded("PNG")),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a photo called a recording", "a.mp3", lambda: encoded("PNG")),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a recording called a photo", "a.heic", lambda: recording("ipod", "aac")),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a photo called a Word document", "a.docx", lambda: encoded("JPEG")),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a photo called a program", "a.exe", lambda: encoded("JPEG")),
    (
        Refusal.NOT_WHAT_IT_CLAIMS,
        "a photo called a program, written backwards",
        "\u202egpj.exe",
        lambda: encoded("JPEG"),
    ),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a text called a photo", "a.png", lambda: b"They said no."),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a text with a zero byte", "a.txt", lambda: b"They said\0 no."),
    (Refusal.NOT_WHAT_IT_CLAIMS, "a text with control characters, not UTF-8", "a.txt", lambda: b"V\xe6r \x01 s\xe5"),
    (Refusal.NOT_WHAT_IT_CLAIMS, "noise called a photo", "a.jpg", lambda: bytes(range(256)) * 4),
    (Refusal.NOT_WHAT_IT_CLAIMS, "noise called a PDF", "a.pdf", lambda: bytes(range(256)) * 4),
]

LOCKED: list[Case] = [
    (
        Refusal.LOCKED,
        f"a PDF with a password, revision {revision}",
        "a.pdf",
        lambda revision=revision: hostile.locked(revision),
    )
    for revision in (2, 3, 4, 6)
]

BROKEN: list[Case] = [
    *(
        (Refusal.BROKEN, f"half of a {form}", f"a.{extension}", lambda form=form: half(encoded(form)))
        for form, extension in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("HEIF", "heic"), ("TIFF", "tif"))
    ),
    (Refusal.BROKEN, "a JPEG's start only", "a.jpg", lambda: encoded("JPEG")[:20]),
    (Refusal.BROKEN, "a PNG's start only", "a.png", lambda: encoded("PNG")[:30]),
    (Refusal.BROKEN, "half of a PDF", "a.pdf", lambda: half(saved(document()))),
    (Refusal.BROKEN, "a PDF's first line", "a.pdf", lambda: b"%PDF-1.7\n%%EOF\n"),
    (Refusal.BROKEN, "a PDF without pages", "a.pdf", hostile.no_pages),
    (Refusal.BROKEN, "a PDF with orders that break off", "a.pdf", lambda: hostile.drawn_by(b"BT (They said")),
    (Refusal.BROKEN, "a PDF with orders nobody understands", "a.pdf", lambda: hostile.drawn_by(b"] ) > } " * 40)),
    (Refusal.BROKEN, "half of a recording, its index at the end", "a.m4a", lambda: half(recording("ipod", "aac"))),
    (
        Refusal.BROKEN,
        "half of a recording, its index in front",
        "a.m4a",
        lambda: hostile.moov_first(recording("ipod", "aac"))[:5_000],
    ),
    (Refusal.BROKEN, "half of a WAV", "a.wav", lambda: half(recording("wav", "pcm_s16le"))),
    (Refusal.BROKEN, "half of a FLAC", "a.flac", lambda: half(recording("flac", "flac"))),
    (
        Refusal.NOT_WHAT_IT_CLAIMS,
        "a tag without a sound",
        "a.mp3",
        lambda: id3(b"They said no."),
    ),
]

HIDING: list[Case] = [
    (Refusal.HIDES_ANOTHER, "a JPEG with a zip behind it", "a.jpg", lambda: encoded("JPEG") + zipped("a.class")),
    (
        Refusal.HIDES_ANOTHER,
        "a JPEG with a zip and more behind it",
        "a.jpg",
        lambda: encoded("JPEG") + zipped("a") + bytes(90),
    ),
    (Refusal.HIDES_ANOTHER, "a JPEG with a PDF behind it", "a.jpg", lambda: encoded("JPEG") + saved(document())),
    (Refusal.HIDES_ANOTHER, "a JPEG with a page behind it", "a.jpg", lambda: encoded("JPEG") + b"\n" + HTML),
    (Refusal.HIDES_ANOTHER, "a JPEG with a program behind it", "a.jpg", lambda: encoded("JPEG") + PROGRAM),
    (Refusal.HIDES_ANOTHER, "a JPEG with a script behind it", "a.jpg", lambda: encoded("JPEG") + b"#!/bin/sh\nid\n"),
    (Refusal.HIDES_ANOTHER, "a JPEG with a RAR behind it", "a.jpg", lambda: encoded("JPEG") + RAR),
    (Refusal.HIDES_ANOTHER, "a JPEG with a 7z behind it", "a.jpg", lambda: encoded("JPEG") + SEVEN_ZIP),
    (
        Refusal.HIDES_ANOTHER,
        "a JPEG with a PDF in a remark",
        "a.jpg",
        lambda: encoded("JPEG", comment=b"%PDF-1.4 1 0 obj"),
    ),
    (Refusal.HIDES_ANOTHER, "a PNG with a zip behind it", "a.png", lambda: encoded("PNG") + zipped("a")),
    (Refusal.HIDES_ANOTHER, "a PNG with PHP behind it", "a.png", lambda: encoded("PNG") + b"<?php system($_GET[0]);"),
    (Refusal.HIDES_ANOTHER, "a GIF that is a Java program", "a.gif", lambda: encoded("GIF") + zipped("a.class")),
    (Refusal.HIDES_ANOTHER, "a GIF with a page behind it", "a.gif", lambda: encoded("GIF") + HTML),
    (Refusal.HIDES_ANOTHER, "a WebP with a drawing behind it", "a.webp", lambda: encoded("WEBP") + SVG),
    (Refusal.HIDES_ANOTHER, "a BMP with a zip behind it", "a.bmp", lambda: encoded("BMP") + zipped("a")),
    (Refusal.HIDES_ANOTHER, "a PDF with a zip behind it", "a.pdf", lambda: saved(document()) + zipped("a")),
    (Refusal.HIDES_ANOTHER, "a PDF with words behind it", "a.pdf", lambda: saved(document()) + b"They said no."),
    (Refusal.HIDES_ANOTHER, "a PDF with a page behind it", "a.pdf", lambda: saved(document()) + HTML),
    (Refusal.HIDES_ANOTHER, "a PDF with noise before it", "a.pdf", lambda: b"\0\1\2" + saved(document())),
    (Refusal.HIDES_ANOTHER, "a PDF with words before it", "a.txt", lambda: b"Hello\n%PDF-1.4\n1 0 obj endobj\n"),
    (
        Refusal.HIDES_ANOTHER,
        "a recording with a zip behind it",
        "a.mp3",
        lambda: recording("mp3", "libmp3lame") + zipped("a"),
    ),
    (Refusal.HIDES_ANOTHER, "a WAV with a program behind it", "a.wav", lambda: recording("wav", "pcm_s16le") + PROGRAM),
]

BOMBS: list[Case] = [
    (Refusal.BOMB, "a PNG of three and a half gigapixels", "a.png", hostile.huge_png),
    (Refusal.BOMB, "a PNG of a hundred megapixels", "a.png", lambda: hostile.huge_png(10_000, 10_000)),
    (Refusal.BOMB, "a GIF of four gigapixels", "a.gif", hostile.huge_gif),
    (Refusal.BOMB, "a PNG with a colour profile that unfolds", "a.png", lambda: hostile.png_with_a_bomb(b"iCCP")),
    (Refusal.BOMB, "a PNG with words that unfold", "a.png", lambda: hostile.png_with_a_bomb(b"zTXt")),
    (Refusal.BOMB, "a PDF with a stream that unfolds", "a.pdf", hostile.bomb_in_a_stream),
    (Refusal.BOMB, "a PDF with a stream that unfolds twice", "a.pdf", hostile.folded_twice),
    (Refusal.BOMB, "a PDF with many streams that unfold", "a.pdf", hostile.bombs_in_many_streams),
    (Refusal.BOMB, "a PDF that unfolds while it is opened", "a.pdf", hostile.bomb_while_opening),
    (Refusal.BOMB, "a PDF of too many pages", "a.pdf", hostile.many_pages),
    (Refusal.BOMB, "a PDF of too many objects", "a.pdf", hostile.many_objects),
    (Refusal.BOMB, "a PDF with a huge image", "a.pdf", hostile.huge_image_on_a_page),
]

OTHERS: list[Case] = [
    (Refusal.OFFICE, "a Word document", "a.docx", lambda: zipped("[Content_Types].xml", "word/document.xml")),
    (
        Refusal.OFFICE,
        "a Word document without its name",
        "a",
        lambda: zipped("[Content_Types].xml", "word/document.xml"),
    ),
    (Refusal.OFFICE, "a Word document called a PDF", "a.pdf", lambda: zipped("[Content_Types].xml")),
    (
        Refusal.OFFICE,
        "a LibreOffice document",
        "a.odt",
        lambda: b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
    ),
    (Refusal.OFFICE, "a document of a Mac", "a.pages", lambda: zipped("Index/Document.iwa")),
    (Refusal.OFFICE, "an old Word document", "a.doc", lambda: OLE),
    (Refusal.OFFICE, "a rich text", "a.rtf", lambda: rb"{\rtf1 They said no.}"),
    (
        Refusal.OFFICE,
        "an e-mail with its head",
        "a.eml",
        lambda: b"Received: from [10.0.0.1]\nFrom: a@b\n\nThey said no.",
    ),
    (Refusal.OFFICE, "a scan of many pages", "a.tif", lambda: hostile.animated("TIFF")),
    (Refusal.OFFICE, "a form that one program draws", "a.pdf", hostile.form_of_one_program),
    (Refusal.VIDEO, "a film", "a.mp4", filmed),
    (Refusal.VIDEO, "a silent film", "a.mov", lambda: filmed("mov", with_sound=False)),
    (Refusal.VIDEO, "a film from a browser", "a.webm", lambda: filmed("matroska")),
    (Refusal.VIDEO, "a film under the name of a sound", "a.m4a", filmed),
    (Refusal.VIDEO, "an old film", "a.avi", lambda: filmed("avi", with_sound=False)),
    (Refusal.VIDEO, "a film of a television", "a.ts", lambda: filmed("mpegts", "mpeg2video", with_sound=False)),
    (Refusal.VIDEO, "a moving GIF", "a.gif", lambda: hostile.animated("GIF")),
    (Refusal.VIDEO, "a moving PNG", "a.png", lambda: hostile.animated("PNG")),
    (Refusal.VIDEO, "a moving WebP", "a.webp", lambda: hostile.animated("WEBP")),
    (Refusal.VIDEO, "a moving AVIF", "a.avif", lambda: hostile.animated("AVIF")),
    (Refusal.ARCHIVE, "a zip", "a.zip", lambda: zipped("a.jpg", content=encoded("JPEG"))),
    (Refusal.ARCHIVE, "a zip in a zip", "a.zip", lambda: zipped("b.zip", content=zipped("a"))),
    (Refusal.ARCHIVE, "a zip called a photo", "a.jpg", lambda: zipped("a")),
    (Refusal.ARCHIVE, "an empty zip", "a.zip", zipped),
    (Refusal.ARCHIVE, "a program for a phone", "a.apk", lambda: zipped("AndroidManifest.xml", "classes.dex")),
    (Refusal.ARCHIVE, "a zip with a PDF behind it", "a.zip", lambda: zipped("a") + saved(document())),
    (Refusal.ARCHIVE, "a RAR", "a.rar", lambda: RAR),
    (Refusal.ARCHIVE, "a 7z", "a.7z", lambda: SEVEN_ZIP),
    (Refusal.ARCHIVE, "a gzip", "a.gz", lambda: gzip.compress(b"They said no.")),
    (Refusal.ARCHIVE, "an xz", "a.xz", lambda: lzma.compress(b"They said no.")),
    (Refusal.ARCHIVE, "a bzip2", "a.bz2", lambda: bz2.compress(b"They said no.")),
    (Refusal.ARCHIVE, "a tar", "a.tar", hostile.tarred),
    (Refusal.ARCHIVE, "a PDF that is a folder of files", "a.pdf", hostile.portfolio),
    (Refusal.ACTIVE, "a drawing with a script", "a.svg", lambda: SVG),
    (Refusal.ACTIVE, "a drawing with a head", "a.svg", lambda: b'<?xml version="1.0"?>\n' + SVG),
    (Refusal.ACTIVE, "a drawing called a photo", "a.jpg", lambda: SVG),
    (Refusal.ACTIVE, "a page", "a.html", lambda: HTML),
    (Refusal.ACTIVE, "a page called a text", "a.txt", lambda: b"\n\n  " + HTML),
    (Refusal.ACTIVE, "a page in UTF-16", "a.txt", lambda: HTML.decode().encode("utf-16")),
    (Refusal.ACTIVE, "a page behind some words", "a.txt", lambda: b"Hello " + HTML),
    (Refusal.ACTIVE, "a script of a shell", "a", lambda: b"#!/bin/sh\nrm -rf ~\n"),
    (Refusal.ACTIVE, "a script by its name", "a.js", lambda: b"alert(1)"),
    (Refusal.ACTIVE, "a script of Windows", "a.bat", lambda: b"@echo off\ndel *.*\n"),
    (Refusal.ACTIVE, "a script of a server", "a.php", lambda: b"<?php system($_GET[0]);"),
    (Refusal.ACTIVE, "PostScript", "a.ps", lambda: b"%!PS-Adobe-3.0\nshowpage\n"),
    (Refusal.ACTIVE, "a program of Windows", "a.exe", lambda: PROGRAM),
    (Refusal.ACTIVE, "a program of Windows called a photo", "a.jpg", lambda: PROGRAM),
    (Refusal.ACTIVE, "a program of Linux", "a", lambda: b"\x7fELF\2\1\1" + bytes(60)),
    (Refusal.ACTIVE, "a program of a Mac", "a", lambda: b"\xcf\xfa\xed\xfe" + bytes(60)),
    (Refusal.ACTIVE, "a program of Java", "a.class", lambda: b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(60)),
    (Refusal.ACTIVE, "a shortcut of Windows", "a.lnk", lambda: b"L\0\0\0\1\x14\2\0" + bytes(80)),
]

CASES = [*NOTHING, *CLAIMS, *LOCKED, *BROKEN, *HIDING, *BOMBS, *OTHERS]
