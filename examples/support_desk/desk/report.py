"""The report of a day at the support desk."""

from collections import Counter


def markdown(tickets: list[dict], totals: dict) -> str:
    """A page with the day's totals, the queues, and the messages that cannot wait."""
    languages = Counter(ticket["language"] for ticket in tickets)
    urgent = sorted(
        (ticket for ticket in tickets if ticket["queue"] == "rescue"),
        key=lambda ticket: (-ticket["order_value"], ticket["id"]),
    )
    lines = [
        "# Support desk",
        "",
        f"{totals['messages']} messages in {totals['languages']} languages.",
        "",
        "| queue | messages |",
        "| --- | ---: |",
        *(f"| {queue} | {totals[queue]} |" for queue in ("rescue", "praise", "questions", "translation")),
        "",
        "## Languages",
        "",
        *(f"- {language}: {count}" for language, count in sorted(languages.items(), key=lambda x: (-x[1], x[0]))),
        "",
        "## Call back today",
        "",
        f"Orders worth {totals['value_at_risk']:.2f} are at risk.",
        "",
        "| message | customer | order |",
        "| --- | --- | ---: |",
        *(f"| {t['id']} | {t['customer']} | {t['order_value']:.2f} |" for t in urgent),
    ]
    return "\n".join(lines) + "\n"
