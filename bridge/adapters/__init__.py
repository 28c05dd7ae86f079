"""Dialects: one folder per platform, standing on domain and ports alone."""
