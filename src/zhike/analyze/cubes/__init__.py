"""Any measure by any dimensions, down to the customers: asked on the page, answered by the warm child on the lake."""
