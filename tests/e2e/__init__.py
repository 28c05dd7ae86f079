"""The whole product, as people meet it."""
