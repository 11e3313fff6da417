"""The command `vejviser`."""
