"""Every Excel file, in and out."""
