"""Chat feature of the window: chat list, transcript, composer, and their controllers."""
