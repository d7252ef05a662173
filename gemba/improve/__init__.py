"""What would be better: why demands are late, and what changing the operation would do."""
