"""One file an errand: read slots, call bot, name a reply. No words, no SQL, no try.

Rasa registers every concrete `Action` below this folder when it is imported.
"""
