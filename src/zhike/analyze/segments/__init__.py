"""Who is in a segment: one rule, one Ibis expression, one SQL text, for the whole base and for one customer alike."""
