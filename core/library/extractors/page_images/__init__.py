"""Page images: rendering, text recognition and layout of pages."""
