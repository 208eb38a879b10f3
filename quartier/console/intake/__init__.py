"""Taking a request by hand: one screen, from the phone number to the neighbours who are asked."""
