"""See the room's modules."""
