"""Commands of other terminals, run over the application that this process has open."""
