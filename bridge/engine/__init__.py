"""The single writer: every change of state is decided here, in order."""
