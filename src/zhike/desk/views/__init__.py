"""Pages of the desk: parse, ask or act once, answer."""
