"""Published data sets as tables of lines, for every measure."""

import pandas as pd
import pytest

from tests.analytics.published import published
from zhike_analytics.values import line_cents


@pytest.fixture(scope="session")
def online_retail() -> pd.DataFrame:
    read = pd.read_csv(
        published("online_retail/online_retail.csv.gz"),
        dtype={"InvoiceNo": str, "CustomerID": str, "UnitPrice": str},
        parse_dates=["InvoiceDate"],
    )
    read = read[read.CustomerID.notna()]
    # Lines rounded to the cent by the house rule, not by floats.
    cents = [line_cents(price, int(quantity)) for price, quantity in zip(read.UnitPrice, read.Quantity, strict=True)]
    return pd.DataFrame(
        {
            "customer_id": read.CustomerID,
            "order_id": read.InvoiceNo,
            "day": read.InvoiceDate.dt.date,
            "net_cents": cents,
            "quantity": read.Quantity,
            "product_id": read.StockCode,
            "country": read.Country,
        }
    )


@pytest.fixture(scope="session")
def cdnow() -> pd.DataFrame:
    read = pd.read_csv(published("cdnow_sample/cdnow_sample.csv.gz"), dtype={"customer_id": str, "date": str})
    return pd.DataFrame(
        {
            "customer_id": read.customer_id,
            "order_id": [f"{customer}-{day}" for customer, day in zip(read.customer_id, read.date, strict=True)],
            "day": pd.to_datetime(read.date).dt.date,
            "net_cents": (read.amount * 100).round().astype(int),
        }
    )
