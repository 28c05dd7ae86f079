"""The feature table over a chat workspace, whichever it is: the rows, and what they ask of it."""
