"""What of Slack's limits the Slack workspace uses, and that it never asks for more."""
