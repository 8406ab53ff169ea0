"""Investment: money by item and year, given out to schools."""
