"""Help menu: command palette, shortcut sheet, About, updates."""
