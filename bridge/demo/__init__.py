"""The main job on one page, with no account anywhere."""
