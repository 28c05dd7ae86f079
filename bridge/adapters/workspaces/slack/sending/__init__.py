"""Everything that goes to Slack for the desk."""
