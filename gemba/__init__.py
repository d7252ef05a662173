"""Gemba runs operations: it plans, schedules and explains the work of an organisation, goods and services alike."""
