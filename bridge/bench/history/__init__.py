"""Does a desk get slower with time? Two long pasts, on a real disk, measured by turns."""
