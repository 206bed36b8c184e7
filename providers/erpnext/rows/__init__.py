"""What each resource can do, at which cost, and from which of ERPNext's fields: one file per model."""
