"""Conversation, answers with checked citations, and the command line."""
