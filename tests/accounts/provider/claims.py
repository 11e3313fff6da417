"""What the provider says of a person beside who it is."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.accounts.provider.people import STAFF


class Validator(OAuth2Validator):
    oidc_claim_scope = None  # also claims of which the toolkit knows no scope

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        name = request.user.get_username()
        return {"preferred_username": name, **STAFF.get(name, {})}
