"""What adapters of channels share: how things come in."""
