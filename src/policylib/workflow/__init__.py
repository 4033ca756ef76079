"""What may happen to a document, and what holds on a day: tables and pure functions."""
