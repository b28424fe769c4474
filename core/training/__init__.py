"""LoRA training: a model of the list learns from examples, in a child of its own."""
