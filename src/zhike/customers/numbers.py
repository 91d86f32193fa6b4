"""File numbers 档案编号: K, a serial of at least seven digits; never reused."""


def file_number(customer_id: int) -> str:
    """The human-readable number of a customer: `K0000123` for id 123."""
    return f"K{customer_id:07d}"
