"""Quality as it is executed: acceptance sampling by attributes, with its switching rules."""
