"""Documents of dropped folders become passages, and passages become hits."""
