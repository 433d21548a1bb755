"""Small helpers on files, which live with the corpus."""

from corpus.files import CHUNK, sha256_of_file, sync_folder, sync_tree, write_atomically

__all__ = ["CHUNK", "sha256_of_file", "sync_folder", "sync_tree", "write_atomically"]
