"""From a question to an answer: understand, retrieve, decide, compose, verify the quotations."""
