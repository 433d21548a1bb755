"""``clas sauvegarder`` and ``clas restaurer``: the whole state in one verified file, and back.

An archive is a data folder, whatever the store that it was taken from: what was in a shared store
is written as the folder of one machine would hold it. So it is brought back to either.
"""
