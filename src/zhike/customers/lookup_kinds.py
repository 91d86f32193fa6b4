"""Kinds of keyed lookups: small numbers in the table, names in the code."""

PHONE = 1
PHONE_TAIL = 2
EMAIL = 3
PLATFORM_HANDLE = 4
PLATFORM_ID = 5
PAYMENT_ACCOUNT = 6
WECHAT = 7
QQ = 8
CREDIT_CODE = 9

# Catalogue field → the lookup it feeds. A payment account is an e-mail or a phone, and is looked up as that.
OF_FIELD = {
    "phone": PHONE,
    "other_phone": PHONE,
    "email": EMAIL,
    "platform_handle": PLATFORM_HANDLE,
    "platform_id": PLATFORM_ID,
    "wechat": WECHAT,
    "qq": QQ,
    "credit_code": CREDIT_CODE,
}
NAMES = {
    PHONE: "phone",
    PHONE_TAIL: "phone_tail",
    EMAIL: "email",
    PLATFORM_HANDLE: "platform_handle",
    PLATFORM_ID: "platform_id",
    PAYMENT_ACCOUNT: "payment_account",
    WECHAT: "wechat",
    QQ: "qq",
    CREDIT_CODE: "credit_code",
}
