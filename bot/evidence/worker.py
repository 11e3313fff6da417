"""The child: reads one file from its parent, cleans it, and answers with the clean file or one word.

`python -I -B -m bot.evidence.worker FORM MEMORY WORK`. It is given no key, no name, no setting and no environment.
"""

import sys

from bot.evidence import limits
from bot.evidence.formats import Form
from bot.evidence.kinds import RefusedError
from bot.evidence.washing import cleaner_of, wash

REFUSED = 3
"""Its exit code when the answer is a reason."""


def main() -> None:
    form, memory, work = Form(sys.argv[1]), *map(int, sys.argv[2:])
    limits.bind(memory, work)
    clean = cleaner_of(form)
    content = sys.stdin.buffer.read()
    limits.shut_the_doors(but_for_threads=form is Form.HEIF)
    try:
        cleaned = wash(content, form, clean)
    except RefusedError as error:
        sys.stdout.write(error.reason)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(cleaned.media_type.encode() + b"\n" + cleaned.content)


if __name__ == "__main__":
    main()
