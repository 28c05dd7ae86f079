"""What would happen: the shipping distribution, in virtual time, with customers at random."""
