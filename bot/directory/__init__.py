"""The directory of services: dated facts, read from content/services, checked, and found by need and situation."""
