"""`zhike send-test ADDRESS`: a test message to an address of one's own."""

import click

from zhike.cli.command import Refused, command
from zhike.cli.output import Output


@command("send-test")
@click.argument("address")
def send_test(out: Output, address: str) -> None:
    """Send a test message with the settings as they were saved, whether sending is on or off.

    ADDRESS is an address of your own. It is kept nowhere.
    """
    from zhike.reach import actions, words
    from zhike.secure.records import LOCAL_OPERATOR

    told = actions.try_settings(address, by=LOCAL_OPERATOR)
    if told.outcome != "sent":
        raise Refused(words.why(told.code), f"test_{told.outcome}", channel=told.channel, gateway=told.code)
    out.say(f"{told.channel}: {told.code}")
    out.result({"ok": True, "channel": told.channel, "gateway": told.code})


def explain(out: Output, message: str) -> None:
    """`zhike why not-sent MESSAGE`: every check before a message leaves, and the one that kept it back."""
    from zhike.cli.command import NotFound
    from zhike.reach import queries, words
    from zhike.secure.records import LOCAL_OPERATOR

    told = queries.detail(LOCAL_OPERATOR, message)
    if told is None:
        raise NotFound(f"no message {message}", "message_unknown")
    row = told.row
    out.say(
        f"{row.template_name}: {words.STATES.get(row.state, row.state)}  {words.why(row.why) if row.why else ''}".rstrip()
    )
    for check in told.checks:
        reason = f"  {words.why(check.why)}" if check.why else ""
        out.say(f"  {'✓' if check.passed else '✗'} {words.CHECKS.get(check.code, check.code)}{reason}")
    for attempt in told.attempts:
        out.say(f"  {attempt.at:%Y-%m-%d %H:%M:%S}  {attempt.channel}  {attempt.outcome or 'calling'}  {attempt.code}")
    out.result(
        {
            "ok": True,
            "message": row.public_id,
            "state": row.state,
            "why": row.why,
            "checks": [{"check": c.code, "passed": c.passed, "why": c.why} for c in told.checks],
            "attempts": [
                {"number": a.number, "at": a.at.isoformat(), "channel": a.channel, "outcome": a.outcome, "code": a.code}
                for a in told.attempts
            ],
        }
    )
