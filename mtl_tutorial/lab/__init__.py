"""The Sharing Lab without its widgets: what is set, what is run, what came out, what is kept."""
