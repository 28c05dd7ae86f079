"""The shop's WhatsApp in the demo: a simulated Graph, its number, and customers' telephones."""
