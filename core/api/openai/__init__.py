"""OpenAI's API: chat and text completions, embeddings, models, responses."""
