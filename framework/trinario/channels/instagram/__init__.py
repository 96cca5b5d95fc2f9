"""Instagram Messaging, with either login."""
