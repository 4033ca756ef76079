"""One text, one source (同源发布): signed manifests, subscriptions, reposts and the audit of pages."""
