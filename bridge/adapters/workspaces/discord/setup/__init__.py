"""Setting a bot up, and looking whether it is set up well."""
