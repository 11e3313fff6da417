"""Rasa's room: the agent, the actions it runs in process, what it understands with, and what it keeps."""
