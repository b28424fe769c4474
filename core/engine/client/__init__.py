"""Client side of the engine, planner and quantization children, used by the front end."""
