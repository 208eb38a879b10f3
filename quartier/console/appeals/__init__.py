"""Appeals: where help is missing, who has little to do, and asking them."""
