"""Reports and referrals as the city's people think of them; no SQL, no HTTP, nothing of Rasa."""
