"""Where operations and plans are kept.

``models`` are the tables (made from the nouns; they hold no rules), ``operations`` and ``plans`` the two mappers.
"""
