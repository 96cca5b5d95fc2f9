"""What authors write, read into values of the model or into issues: YAML, translations, checks, schemas."""
