"""What a district's file can do: every output, computable or not, what it waits for, the mend."""
