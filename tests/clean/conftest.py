"""The ground of the stories about clean files is that of the customers: two shops and a way to record."""

from tests.customers.conftest import record, shopify, taobao, vault_ready  # noqa: F401  (fixtures)
