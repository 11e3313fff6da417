"""The audit chain: what staff saw and did, each event bound to the one before and anchored outside the database."""
