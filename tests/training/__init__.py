"""Tests of LoRA training with the real engine and the real trainer."""
