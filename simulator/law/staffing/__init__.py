"""Staff: posts, pay, and teachers who move between schools."""
