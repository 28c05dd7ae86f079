"""Setting an app up, and looking whether it is set up well."""
