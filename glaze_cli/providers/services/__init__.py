"""Services that need code: one file each. Those that a manifest can describe are in catalog/."""
