"""What is done: the ledger, orders and their states, quality, maintenance and safety. Pure: no database, no clock."""
