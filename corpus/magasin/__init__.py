"""The shared store: one PostgreSQL for several replicas, where ``CLAS_BASE`` says so.

Nothing here is imported, nor its packages needed, by a program that keeps everything embedded.
"""
