"""Nouns: the values everything else speaks of; no I/O, no clock, no random."""
