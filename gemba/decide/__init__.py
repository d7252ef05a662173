"""What to do: engines that turn the operation's data into a plan. ``cycle`` composes them."""
