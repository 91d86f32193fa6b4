"""Orders and products over the API. After-sale cases have their place here as routes of their own."""

from zhike.shop.api.orders import routes as orders
from zhike.shop.api.products import routes as products

ROUTES = [orders, products]
