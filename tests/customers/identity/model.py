"""The identity of customers in plain Python: what records, links, merges and statements say, computed anew each time it is asked.

Nothing here is updated in place but the four lists of facts; every answer is a function of them. The product lays the same
answers down row by row; the machine beside holds the two against each other.
"""

from dataclasses import dataclass, field

Key = tuple[str, str]  # (source, key within it); the house record of customer 3 is ("house", "3")


@dataclass
class Version:
    """One distinct statement of a record: who said it (run → moment), or that staff entered it."""

    number: int
    key: Key
    facts: dict[str, str]
    sightings: dict[int, int] = field(default_factory=dict)
    entered: bool = False  # by staff, and not taken back

    def rank(self) -> tuple[bool, int, int]:
        """House first, then the newest, then the later version."""
        return self.key[0] == "house", max(self.sightings.values(), default=0), self.number


@dataclass
class World:
    """Everything that was ever said and decided."""

    customers: int = 0
    homes: dict[Key, int] = field(default_factory=dict)  # where each record stood first
    links: list[tuple[Key, int]] = field(default_factory=list)
    undone_links: set[int] = field(default_factory=set)
    merges: list[tuple[int, int]] = field(default_factory=list)  # (absorbed, survivor)
    undone_merges: set[int] = field(default_factory=set)
    versions: list[Version] = field(default_factory=list)
    orders: dict[Key, list[tuple[int, Key, int]]] = field(default_factory=dict)  # (run, buyer's record, cents)
    answers: list[tuple[int, bool, int]] = field(default_factory=list)  # (customer, agreed, day from which it counts)

    def new_customer(self) -> int:
        """One more customer, alone."""
        self.customers += 1
        return self.customers

    def root(self, customer: int) -> int:
        """The end of the merges not undone."""
        edges = {a: s for n, (a, s) in enumerate(self.merges) if n not in self.undone_merges}
        while customer in edges:
            customer = edges[customer]
        return customer

    def place(self, key: Key) -> int:
        """The customer a record stands on: where the newest move left led, else where it stood first."""
        moves = [to for n, (k, to) in enumerate(self.links) if k == key and n not in self.undone_links]
        return moves[-1] if moves else self.homes[key]

    def records(self, root: int) -> list[Key]:
        """The records of a file."""
        return [key for key in self.homes if self.root(self.place(key)) == root]

    def live(self, root: int) -> list[Version]:
        """What is still said on a file."""
        return [v for v in self.versions if (v.sightings or v.entered) and v.key in self.records(root)]

    def card(self, root: int) -> dict[str, str]:
        """The values that survive, field by field; what the house cleared is not there."""
        best: dict[str, Version] = {}
        for version in self.live(root):
            for name in version.facts:
                if name not in best or version.rank() > best[name].rank():
                    best[name] = version
        return {name: v.facts[name] for name, v in best.items() if v.facts[name]}

    def own_name(self, customer: int) -> str:
        """What a customer is called by the records that stand on it alone, whatever file shows them."""
        own = [v for v in self.versions if (v.sightings or v.entered) and self.place(v.key) == customer]
        named = [v for v in own if "name" in v.facts]
        return max(named, key=Version.rank).facts["name"] if named else ""

    def figures(self, root: int) -> tuple[int, int]:
        """Orders and cents of a file, each order as the newest run left says it."""
        shown = [max(said) for said in self.orders.values() if said]
        own = [cents for _, key, cents in shown if self.root(self.place(key)) == root]
        return len(own), sum(own)

    def answering(self, source: str, email: str) -> set[int]:
        """Files that a new record of a source with this address may join: live ones without a record of that source."""
        roots = {self.root(self.place(v.key)) for v in self.versions if v.sightings and v.facts.get("email") == email}
        return {root for root in roots if all(key[0] != source for key in self.records(root))}

    def arrive(self, run: int, key: Key, facts: dict[str, str], at: int) -> None:
        """A run says something of a record, which joins or is new where nobody knows it."""
        if key not in self.homes:
            known = self.answering(key[0], facts["email"]) if "email" in facts else set()
            self.homes[key] = known.pop() if len(known) == 1 else self.new_customer()
        same = next((v for v in self.versions if v.key == key and v.facts == facts), None)
        if same is None:
            same = Version(len(self.versions), key, facts)
            self.versions.append(same)
        same.sightings[run] = max(at, same.sightings.get(run, at))

    def answer(self, root: int, agreed: bool, day: int) -> None:
        """Somebody agrees for one file; or withdraws, which every customer of the group keeps as its own.

        `day`: of a consent when it was said, of a withdrawal when it became known.
        """
        members = [root] if agreed else [c for c in range(1, self.customers + 1) if self.root(c) == root]
        self.answers += [(member, agreed, day) for member in members]

    def consent(self, root: int) -> str:
        """Withdrawn when that is any member's last word, by the day from which it counts; else given when anybody agreed."""
        last: dict[int, tuple[int, int, bool]] = {}
        for number, (customer, agreed, day) in enumerate(self.answers):
            if self.root(customer) == root:
                last[customer] = max(last.get(customer, (-1, -1, True)), (day, number, agreed))
        said = [agreed for _, _, agreed in last.values()]
        return "withdrawn" if not all(said) else "given" if said else "unknown"

    def undo(self, run: int) -> None:
        """A run never said anything."""
        for version in self.versions:
            version.sightings.pop(run, None)
        for said in self.orders.values():
            said[:] = [row for row in said if row[0] != run]
