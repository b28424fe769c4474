"""Chat controllers: the open chat, its turns and running answers."""
