"""Training services: LoRA adapters trained on a person's own examples."""
