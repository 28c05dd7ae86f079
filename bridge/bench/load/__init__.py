"""The world around a server under test: customers who write, and the team's platform."""
