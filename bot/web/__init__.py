"""What residents reach over HTTP: the chat interface and the page."""
