"""The demo over a simulated Discord: the real adapter and discord.py, and people who act there."""
