"""Hand-outs and slides, made out of the lessons' notebooks: pages of HTML, printed to PDF by a browser."""
