"""From a draft of the document base to the version that people are answered from, and back."""
