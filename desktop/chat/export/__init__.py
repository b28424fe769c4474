"""Chat export: dialogs and PDF."""
