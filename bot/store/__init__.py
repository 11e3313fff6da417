"""What is kept for good: referrals and reports, by verbs; one transaction each."""
