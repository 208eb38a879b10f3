"""The carrier as a provider's webhook API that speaks TwiML (decision 0020): no own server for sound is needed."""
