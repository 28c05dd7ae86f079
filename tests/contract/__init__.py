"""Promises every implementation of a port keeps."""
