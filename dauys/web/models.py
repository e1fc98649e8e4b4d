"""The roof keeps no tables of its own."""
