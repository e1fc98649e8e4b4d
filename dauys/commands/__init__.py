"""Commands of the installation, one module each. They call the same actions as the pages do."""
