"""Language models: they answer a prompt of the user's own, one file a way of asking."""
