"""Who agreed to be called, and campaigns that ask them."""
