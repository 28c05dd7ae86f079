"""Everything that goes to Discord for the desk."""
