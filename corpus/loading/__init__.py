"""From a file as it is received (PDF, DOCX, ODT, HTML, Markdown, text) to structured blocks."""
