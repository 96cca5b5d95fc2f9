"""HTTP in: webhooks, health, the REST API."""
