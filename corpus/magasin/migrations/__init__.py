"""Migrations of the shared store."""
