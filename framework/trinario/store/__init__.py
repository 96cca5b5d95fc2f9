"""The database: tables, and one file per family of statements; everything is a synchronous function of a Connection."""
