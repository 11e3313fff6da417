"""Who works at the console: accounts, second factors, roles, and the city's own log-in."""
