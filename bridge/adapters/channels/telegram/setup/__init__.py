"""Connecting a Telegram bot, and finding out what is wrong with it."""
