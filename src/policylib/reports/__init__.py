"""Reports on documents (报告): values in, values and drawings out; nothing here reads or writes."""
