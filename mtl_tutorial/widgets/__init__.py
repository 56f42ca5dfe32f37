"""Things to click on: each a thin view of a plain function that does the same without a mouse."""
