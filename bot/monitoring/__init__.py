"""What operators see of the running service: numbers of nobody in particular."""
