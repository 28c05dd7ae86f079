"""A stand-in for Meta's Graph API as WhatsApp Cloud uses it, with customers who write and read."""
