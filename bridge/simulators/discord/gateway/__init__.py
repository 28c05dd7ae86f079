"""The gateway: sessions, sockets and who hears what."""
