"""Compiled lot sizing: single items under prices, the search for prices, and plans of whole lots within the capacity."""
