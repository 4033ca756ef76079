"""The nouns: frozen values that are the entities, the JSON and the schema."""
