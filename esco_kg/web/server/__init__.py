"""Run the application: server, limits, access log."""
