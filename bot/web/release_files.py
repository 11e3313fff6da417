"""The files of a release as one archive for a browser: the very files that `vejviser export` writes."""

import io
import tempfile
import zipfile
from pathlib import Path

from bot.statistics.files import write
from bot.statistics.release import Release
from bot.web.figures import Figures

MEDIA_TYPE = "application/zip"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest a ZIP can say: a time of its own would make other bytes each time."""


def archive_name(release: Release) -> str:
    """`vejviser-reports-2026Q3-internal-1.zip`; of invented figures with a word in front."""
    return ("SIMULATED-" if release.simulated else "") + f"vejviser-{release.id}.zip"


def zipped(figures: Figures, release: Release) -> bytes:
    """The same bytes whenever it is asked for; raises StatisticsError where the files cannot be written."""
    with tempfile.TemporaryDirectory() as temporary:
        paths = write(release, figures.plan, figures.labels, figures.targets, Path(temporary) / release.id)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(paths):
                entry = zipfile.ZipInfo(f"{release.id}/{path.name}", _FIRST_DAY)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, path.read_bytes())
        return out.getvalue()


def headers_of(release: Release) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{archive_name(release)}"'}
