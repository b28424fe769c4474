"""Planning child: devices and model placements, asked of llama.cpp without weights."""
