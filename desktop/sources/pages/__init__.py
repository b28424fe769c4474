"""Pages: layout, painting and selection of drawn pages."""
