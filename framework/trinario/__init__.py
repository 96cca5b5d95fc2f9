"""trinario: one conversation with a person across WhatsApp, Messenger and Instagram."""

__version__ = "0.1.0"
