"""What every simulator stands on, whatever platform it stands in for."""
