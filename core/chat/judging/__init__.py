"""The chat model as a judge: what it is asked, by which cases it is measured, what it says."""
