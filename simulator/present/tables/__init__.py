"""The tables, each made once for the screen, workbooks, documents and the terminal."""
