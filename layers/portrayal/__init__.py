"""How things look, defined once: colours, styles, lettering, symbols, drawing order, legend."""
