"""The fixed cast of the stories: who works in the shop. Fixtures are added by the modules that own these people."""

OWNER = "知客老板"
AGENT = "小林"
ANALYST = "阿青"
