"""How good what is made is: control charts and capability of what was measured, first-pass yield, Pareto, gauges."""
