"""What the service carries: residents of nine languages at once, for an hour, with long chats and full stores."""
