"""The contracts that bots speak: ours, and those of others as presets."""
