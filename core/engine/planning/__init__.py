"""Planning child: devices and placements of models, without loading weights."""
