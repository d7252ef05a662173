"""Gemba as a web application: store, actions, jobs, pages and API. The only folder that imports Django.

``store`` keeps operations and plans, ``queries`` reads them, ``actions`` change them (and nothing else does),
``jobs`` does the long work, ``web`` and ``api`` show it all to people and to programs.
"""
