"""Files sent with a report: cleaned of what tells who made them, or refused with a reason, before they are sealed."""
