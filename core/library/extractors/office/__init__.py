"""Readers of office documents: Word, Excel, PowerPoint and OpenDocument."""
