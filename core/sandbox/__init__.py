"""Sandbox: what each child process may do, and the kernel's means that hold it to that."""
