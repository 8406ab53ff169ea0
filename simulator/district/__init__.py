"""The district room: reading, checking, splitting and projecting one district's data."""
