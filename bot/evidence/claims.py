"""What a file's name says it is: the one thing the name is used for; it is neither kept nor shown."""

from bot.evidence.formats import Form
from bot.evidence.kinds import Kind, Refusal

_EXTENSIONS: dict[Kind | Refusal, str] = {
    Kind.PHOTO: "jpg jpeg jpe jfif png gif webp heic heif hif avif bmp dib tif tiff",
    Kind.DOCUMENT: "pdf",
    Kind.TEXT: "txt text csv tsv md log",
    Kind.AUDIO: "mp3 m4a m4b mp4 aac 3gp 3ga ogg oga opus wav flac amr awb webm weba mka mkv mov",
    Refusal.OFFICE: "doc docx dot xls xlsx ppt pptx rtf odt ods odp pages numbers key eml msg mbox mht mhtml",
    Refusal.ARCHIVE: "zip rar 7z gz tgz tar bz2 xz apk jar cab",
    Refusal.ACTIVE: "exe com scr msi dll bat cmd ps1 vbs js mjs jse wsf hta html htm xhtml svg xml php sh py lnk reg",
    Refusal.VIDEO: "avi wmv flv mpg mpeg mts m2ts",
}
"""Names of films are with the recordings where the same container holds either."""
_CLAIMS = {extension: claim for claim, extensions in _EXTENSIONS.items() for extension in extensions.split()}


def contradiction(name: str, found: Form | None) -> Refusal | None:
    """Why `found`, the form of the content or None for an unknown one, may not be called `name`.

    One photo under the extension of another is no contradiction: phones and messengers do that.
    """
    claim = _CLAIMS.get(name.rpartition(".")[2].strip().casefold()) if "." in name else None
    if found is None:
        return claim if isinstance(claim, Refusal) else Refusal.NOT_WHAT_IT_CLAIMS if claim else Refusal.UNKNOWN_KIND
    if claim is None or claim is found.kind:
        return None
    return claim if isinstance(claim, Refusal) and found is Form.TEXT else Refusal.NOT_WHAT_IT_CLAIMS
