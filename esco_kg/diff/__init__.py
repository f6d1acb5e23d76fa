"""Two versions compared: what changed, how far it reaches, where it comes from, and the bridge between them."""
