"""Supply: which orders to place, from which option, when and on which resources, demand by demand.

``problem.compile_network`` turns an Operation into a network of buffers, options and steps; ``solve`` builds plans on it and
keeps the best; every builder decision is reversible, so that alternatives are tried and undone.
"""
