"""Document files: Markdown with a YAML head, one document a file, and bulk sources of them."""
