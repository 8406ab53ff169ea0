"""What is said of results: tables, sentences, rule book, school card. No file format."""
