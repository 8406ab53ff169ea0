"""The sentences, each made from figures, for the screen, documents and the terminal."""
