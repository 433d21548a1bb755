"""What DOCX and ODT share: the content of an office document, and the blocks made of it."""
