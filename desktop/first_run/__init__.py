"""The welcome: what stays private, which model answers, and a folder to begin with."""
