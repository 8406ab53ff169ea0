"""Reading what officers have: files, sheets, headings, units."""
