"""The pages: one module for each screen, over the queries and actions. Templates and static files lie beside."""
