"""Pages of the analyses: parse, ask or act once, answer."""
