"""Schools that close, merge or open: whom last year's figures follow."""
