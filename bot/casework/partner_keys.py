"""Keys of partners' people: what is handed over to their body is sealed to them; they open nothing of the team's."""

from nacl.public import PrivateKey

from bot.casework.keyring import NOBODY, check_strength, made_passphrase, new_holder, opened_by
from bot.errors import WrongPassphraseError
from bot.store.staff_verbs import Staff


class PartnerKeys:
    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    async def make(self, name: str) -> str:
        """A first pair of keys for an account; the passphrase is shown once.

        Whoever loses theirs gets another pair, and reads what is handed over from then on.
        """
        passphrase = made_passphrase()
        await self._staff.set_partner_key(await new_holder(name, passphrase))
        return passphrase

    async def open(self, name: str, passphrase: str) -> PrivateKey:
        """Raises WrongPassphraseError, in the same time for an account without keys."""
        holder = await self._staff.partner_key(name)
        private = await opened_by(holder or NOBODY, passphrase)
        if holder is None:
            raise WrongPassphraseError("this passphrase opens nothing")
        return private

    async def change(self, name: str, old: str, new: str) -> None:
        """The same keys under a new passphrase. Raises WrongPassphraseError or WeakPassphraseError."""
        check_strength(new)
        private = await self.open(name, old)
        await self._staff.set_partner_key(await new_holder(name, new, private))
