"""What the words mean: strings in, values out. Knows no documents and can be used alone."""
