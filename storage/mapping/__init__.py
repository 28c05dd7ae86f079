"""Values of the domain to rows and back: plain tuples in the order of the table's columns.

A row is what the driver takes without asking: exact `int`, `str`, `bytes` and None. An enum's word
or a bool would each cost a slow look-up of an adapter.
"""
