"""The demonstration region: invented people, offices and a year of invented appeals (see README.md)."""
