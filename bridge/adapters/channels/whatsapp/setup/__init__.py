"""Connecting a WhatsApp number, and finding out what is wrong with it."""
