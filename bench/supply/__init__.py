"""What the guide is made of: the lock, its licences, its bill of materials, and what is known against any of it."""
