"""How fast conversations are given out: 10,000 agents, 1,000 queues, 100,000 who wait."""
