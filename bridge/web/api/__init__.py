"""The REST API under `/v1` for programs and for the command line."""
