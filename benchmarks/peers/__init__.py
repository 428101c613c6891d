"""ndcall beside the tools that people call C with today: how they are installed, what they cost, and what they do with bad arguments."""
