"""Engine runtime: loading, scheduling, generation and sampling in the engine child."""
