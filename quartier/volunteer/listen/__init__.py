"""For who listens: the people one calls regularly."""
