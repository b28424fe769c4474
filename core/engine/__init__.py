"""Engine that runs GGUF models: its children, and the clients that talk to them."""
