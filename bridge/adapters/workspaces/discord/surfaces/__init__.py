"""Commands from every surface of Discord: slash, menus, buttons, forms and what people type."""
