"""The components of the NLU pipeline that are our own (config.yml names them)."""
