"""Flow shops."""
