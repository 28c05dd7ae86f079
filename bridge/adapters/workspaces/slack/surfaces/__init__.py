"""Everything of Slack that can be pressed, filled in, typed or looked at."""
