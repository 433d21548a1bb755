"""Bulk ingestion: thousands of files read, cut and embedded by several processes, by Dask.

A task takes a file to a piece ready for the draft (``tache``); this process alone changes the draft
(``versement``), in the files' order, whatever the order in which workers finish (``conduite``).
Dask is imported by ``grappe`` alone.
"""
