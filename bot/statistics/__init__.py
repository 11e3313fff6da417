"""Figures from the store: measures counted, disclosure control, releases; above bot.store, beside bot.casework."""
