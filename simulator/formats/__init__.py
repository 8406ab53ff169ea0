"""How things are written: workbooks, documents, HTML, CSV, JSON, the terminal."""
