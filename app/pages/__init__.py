"""What the pages for a person's browser share: forms, files, headers, templates."""
