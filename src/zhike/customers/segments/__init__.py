"""Segments 分组: rules over what is known of customers. Here their language; what selects by it lies in `analyze`."""
