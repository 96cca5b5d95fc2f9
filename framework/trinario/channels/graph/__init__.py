"""What WhatsApp, Messenger and Instagram share: signatures, envelopes, the client, the error tables."""
