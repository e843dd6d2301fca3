"""A graph and the scripts of a program -> leak roots with their lines."""
