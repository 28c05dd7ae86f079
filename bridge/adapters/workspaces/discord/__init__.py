"""Discord as a workspace: agents answer in threads of forums or of text channels."""
