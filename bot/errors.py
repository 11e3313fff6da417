"""The errors that have a name: each is a fact a caller can act on."""


class VejviserError(Exception):
    """Base of all errors of our own. Its text never holds what a person wrote."""


class SettingError(VejviserError):
    """A setting is missing or wrong; the text names it."""


class ContentError(VejviserError):
    """A file of facts, words or patterns is wrong; the text names file, entry and field."""


class NotSavedError(VejviserError):
    """A write did not reach the disk, so nothing may be said to be saved."""


class BackupError(VejviserError):
    """A backup could not be made, read or brought back; the text says why. Then nothing counts as kept or restored."""


class ConversationEndedError(VejviserError):
    """There is no conversation for this session token: it was deleted, idle too long, or never was."""


class SealBrokenError(VejviserError):
    """What is stored does not open with the key at hand."""


class NoTeamKeyError(NotSavedError):
    """Nobody could read what would be sealed, because no key was made yet."""


class WrongPassphraseError(VejviserError):
    """A passphrase opens nothing, or there is nobody of this name."""


class WeakPassphraseError(VejviserError):
    """A new passphrase is too short to protect a key."""


class StatisticsError(VejviserError):
    """A release cannot be made or written as it was asked for; the text says why."""


class HeldError(VejviserError):
    """A report may not be deleted yet; the text is the code of the reason (vocabulary.HOLDS)."""


class NotAllowedError(VejviserError):
    """The person whose report it is has not agreed to this, or no longer does."""


class NotOursError(VejviserError):
    """A part of the engine is not the class that was asked for; serving would not be safe."""


class Problem(VejviserError):  # noqa: N818 - the word of RFC 9457, and of the pages
    """What a person asked for cannot be done; `word` names the text in bot/web/words.yml that says so."""

    def __init__(self, status: int, word: str, **values: str) -> None:
        super().__init__(word)
        self.status = status
        """HTTP status code, 400 to 503."""
        self.word = word
        self.values = values


class AccountError(VejviserError):
    """An account cannot be made or changed so; the text is a code (`console.account.<code>` says it)."""


class SignOnError(VejviserError):
    """A log-in at the city's provider did not come to be; the text is a code (bot/accounts/sign_on.py lists them)."""
