"""The fast mode: the same crisis without a database, with the policies of the product, in millions of events."""
