"""Web pages of governments (网页): read into values, and compared with their authoritative source."""
