"""Source texts, their manifest, and what turns them into citable passages."""
