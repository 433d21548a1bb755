"""What an operator sees of a server: one line for each event, metrics, traces.

Never a word of a question, of an answer or of a person: what is told is numbers, and names that the
program chose. Imported by the pages alone; the commands neither load nor do any of it.
"""
