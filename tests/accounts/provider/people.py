"""What the provider and the tests both know: clients, passwords, and what is said of each way to log in."""

from typing import Any

CLIENT, OTHER_CLIENT, SECRET, PASSWORD = "vejviser", "another-service", "a secret of the test", "a password of the test"
NOWHERE = "http://127.0.0.1:9/sign-on/back"
"""Nothing listens there: the browser of a test stops before it."""
TWO_FACTORS_ACR = "urn:city:two-factors"
STAFF: dict[str, dict[str, Any]] = {
    "clerk": {},
    "clerk-with-password": {"amr": ["pwd"], "acr": "urn:city:password"},
    "clerk-with-code": {"amr": ["pwd", "otp", "mfa"]},
    "clerk-with-card": {"acr": TWO_FACTORS_ACR},
}
"""User name: the claims about this person's log-in."""
