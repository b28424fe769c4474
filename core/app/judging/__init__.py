"""The chat model as a judge: measured once while idle, asked where it is able."""
