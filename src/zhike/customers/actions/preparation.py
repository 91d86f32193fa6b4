"""Preparing a batch of statements: who is known, who joins whom, and what each card becomes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from zhike.customers import cards, lookup_kinds
from zhike.customers.actions import newcomers
from zhike.customers.actions.batch import (
    PreparedStatements,
    Said,
    SourceWeight,
    as_live,
    derived_card_row,
    gather,
    sealed_part,
)
from zhike.customers.models import Source
from zhike.customers.numbers import schemes
from zhike.customers.reading import Laid
from zhike.customers.records import Statement, Tally
from zhike.customers.verifying import origin_of, with_verdicts
from zhike.kit import bulk, chance, clock, ids
from zhike.kit import rows as stored
from zhike.secure import queries as secure
from zhike.secure import vault

_WHY = {
    lookup_kinds.EMAIL: "same_email",
    lookup_kinds.PHONE: "same_phone",
    lookup_kinds.CREDIT_CODE: "same_credit_code",
}
_WRITTEN = (cards.QUIET, cards.NARROW, cards.COLUMNS)  # columns of a card that are written together, the least first
_NAME = cards.COLUMNS.index("name")
Known = tuple[int, int]  # (record id, customer id)


class Preparation:
    """One batch of one source, from statements to ready tuples. Reads only, apart from new data keys."""

    def __init__(self, source_id: int, run_id: int) -> None:
        """`run_id` is the import run that says these statements."""
        source = Source.objects.values_list("id", "trust_grade", "is_house", "platform").get(pk=source_id)
        origin = origin_of(source_id, source[3], is_house=bool(source[2]))
        self.source: SourceWeight = (source[0], source[1], bool(source[2]), origin)
        self.run_id = run_id
        self.at = clock.now()
        self.cells: dict[dt.datetime, Any] = {}  # moments as the database keeps them: a batch names few, many times
        self.at_cell = self._cell(self.at)
        self.schemes = schemes()
        secure.refresh_fields()  # the merchant may have defined one since the batch before
        self.tally = Tally()
        self.moved: dict[int, dt.datetime] = {}  # versions said again at a later moment
        self.back: list[int] = []  # versions that were withdrawn and are said again
        self.come: set[int] = set()  # versions that stand on a file they did not stand on before: those, and new ones
        self.made = PreparedStatements(source_id, run_id, [], self.tally)
        self.version_ids: Iterator[int] = iter(())

    def of(self, statements: Sequence[Statement]) -> PreparedStatements:
        """Prepare the batch: most of a large file is nobody known, and takes the short way."""
        new = newcomers.set_apart(self.source[0], statements)
        self._told([one for place, one in enumerate(statements) if place not in new], list(new.values()))
        if new:
            newcomers.lay(self.made, list(new.values()), self.schemes, self.at, self._cell)
            told = iter(self.made.record_ids)
            self.made.record_ids = [
                new[place][1].record_id if place in new else next(told) for place in range(len(statements))
            ]
        return self.made

    def _told(self, statements: Sequence[Statement], new_besides: Sequence[newcomers.Newcomer]) -> None:
        """The long way: who is known, who joins whom. The keys of those who take the short one are kept with these."""
        said, keys = gather(statements, self.tally)
        known = self._known_records(said)
        new = [key for key in said if key not in known]
        self.drafts = _drafts_of(said, new)
        joined = self._joins({key: said[key] for key in new})
        record_of = self.erased | {key: record for key, (record, _) in known.items()}
        record_of.update((key, draft.record_id) for key, draft in self.drafts.items())
        undrafted = [key for key in new if key not in self.drafts]
        record_of.update(zip(undrafted, ids.take("record", len(undrafted)), strict=True))
        fresh, touched = self._compare(said, known)
        files = cards.open_files(touched | {root for root, _ in joined.values()})
        unlaid = sum(len(said[key]) for key in undrafted) + sum(map(len, fresh.values()))
        self.version_ids = iter(ids.take("version", unlaid))
        drafts = [*self.drafts.values(), *(laid for _, laid in new_besides)]
        vault.keep_keys([(draft.record_id, draft.wrapped) for draft in drafts])
        data_keys = vault.ensure_keys([record_of[key] for key in (*fresh, *undrafted)])
        self._existing(fresh, known, touched, data_keys, files)
        self._joined(said, joined, record_of, data_keys, files)
        self._new(said, [key for key in new if key not in joined], record_of, data_keys)
        self._count([key for key in keys if key not in self.erased], known, joined)
        self.tally.unchanged += sum(key in self.erased for key in keys)
        self.made.record_ids = [record_of.get(key) if key else None for key in keys]
        self.made.sightings = [(*row[:3], self._cell(row[3])) for row in self.made.sightings]

    def _cell(self, moment: dt.datetime) -> Any:
        cell = self.cells.get(moment)
        if cell is None:
            cell = self.cells[moment] = bulk.as_stored(moment)
        return cell

    def _known_records(self, said: dict[str, Any]) -> dict[str, Known]:
        """(record, customer) by external key. What is said of people who were erased goes no further: it is taken out."""
        sql = (
            "SELECT external_key, id, customer_id, erased_at FROM customers_sourcerecord "
            "WHERE source_id = %s AND external_key IN {values}"
        )
        rows = list(bulk.fetch_in(sql, said, params=[self.source[0]]))
        self.erased = {key: record for key, record, _, at in rows if at is not None}
        for key in self.erased:
            del said[key]
        return {key: (record, customer) for key, record, customer, at in rows if at is None}

    def _roots(self, customer_ids: set[int]) -> dict[int, int]:
        return dict(
            bulk.fetch_in("SELECT id, root_id FROM customers_customer WHERE id IN {values}", sorted(customer_ids))
        )

    # -- joins: a new record whose buyer is already known from another source

    def _joins(self, fresh: dict[str, dict[bytes, Said]]) -> dict[str, tuple[int, str]]:
        """External key → (customer, why) for new records that exactly one customer of other sources answers to."""
        wanted: dict[tuple[int, bytes], list[str]] = defaultdict(list)
        for key, versions in fresh.items():
            for said in versions.values():
                for join in said.normalized.joins:
                    wanted[join].append(key)
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for kind, digest, customer_id, name in self._holders(wanted):
            for key in wanted[kind, digest]:
                if kind != lookup_kinds.PHONE or self._same_name(fresh[key], name):
                    found[key][customer_id] = _WHY.get(kind, "same_account")
        joins = {key: next(iter(roots.items())) for key, roots in found.items() if len(roots) == 1}
        return self._one_per_customer(joins)

    def _holders(self, wanted: dict[tuple[int, bytes], list[str]]) -> list[tuple[int, bytes, int, str]]:
        """(kind, digest, root, name) of live customers who hold a wanted identifier and have no record of this source."""
        rows: list[tuple[int, bytes, int, str]] = []
        sql = (
            "SELECT l.digest, c.root_id, k.name FROM customers_lookup l "
            "JOIN customers_sourcerecord r ON r.id = l.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
            "JOIN customers_customercard k ON k.customer_id = c.root_id "
            "WHERE k.archived_at IS NULL AND l.kind = %s AND l.digest IN {values}"
        )
        for kind in sorted({kind for kind, _ in wanted}):
            digests = sorted(digest for k, digest in wanted if k == kind)
            rows += [(kind, bytes(d), root, name) for d, root, name in bulk.fetch_in(sql, digests, params=[kind])]
        taken = self._have_this_source({root for _, _, root, _ in rows})
        return [row for row in rows if row[2] not in taken]

    def _have_this_source(self, roots: set[int]) -> set[int]:
        """Within one source two keys are two customers, whatever they share: families share phones."""
        sql = (
            # In this order: SQLite would else begin with every record of the source, again with each batch. So would
            # PostgreSQL, which has not counted a source that is only coming in: by a sum it cannot.
            "SELECT DISTINCT c.root_id FROM customers_customer c CROSS JOIN customers_sourcerecord r "
            "WHERE r.customer_id = c.id AND r.source_id + 0 = %s AND c.root_id IN {values}"
        )
        return {root for (root,) in bulk.fetch_in(sql, sorted(roots), params=[self.source[0]])}

    @staticmethod
    def _same_name(versions: dict[bytes, Said], known_name: str) -> bool:
        """A phone changes hands: it joins only where the names do not contradict."""
        names = {said.normalized.facts.get("name") for said in versions.values()} - {None}
        return not names or not known_name or known_name in names

    @staticmethod
    def _one_per_customer(joins: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
        """Two new records of one source never join the same customer in one batch: the first stands."""
        seen: set[int] = set()
        kept = {}
        for key, (customer_id, why) in joins.items():
            if customer_id not in seen:
                seen.add(customer_id)
                kept[key] = (customer_id, why)
        return kept

    # -- ready tuples

    def _compare(
        self, said: dict[str, dict[bytes, Said]], known: dict[str, Known]
    ) -> tuple[dict[str, list[Said]], set[int]]:
        """What known records have not said before, by key; and the roots whose cards that may change.

        A version said again only grows stronger: where every field it states already shows it, its file stays closed.
        """
        stored = self._stored_versions([record for record, _ in known.values()])
        self.root_of = self._roots({customer for _, customer in known.values()})
        fresh: dict[str, list[Said]] = {}
        touched: set[int] = set()
        stronger: list[tuple[int, Said]] = []
        for key, (record_id, customer_id) in known.items():
            for digest, version in said[key].items():
                before = stored.get((record_id, digest))
                if before is None:
                    fresh.setdefault(key, []).append(version)
                    touched.add(self.root_of[customer_id])
                elif self._again(version, before, record_id):
                    stronger.append((self.root_of[customer_id], version))
        self._sight_stored()
        return fresh, touched | self._unsettled(stronger)

    def _unsettled(self, stronger: list[tuple[int, Said]]) -> set[int]:
        back = set(self.back)
        sql = "SELECT customer_id, change_seq, origins FROM customers_customercard WHERE customer_id IN {values}"
        origins = {}
        for root, seq, told in bulk.fetch_in(sql, {root for root, _ in stronger}):
            origins[root] = stored.parsed(told)
            self.made.guard[root] = seq  # merged meanwhile, the file may show another version: then this is asked again
        return {
            root
            for root, said in stronger
            if said.version_id in back
            or root not in origins
            or any(origins[root].get(f) != said.version_id for f in said.normalized.facts if not f.startswith("_"))
        }

    def _existing(
        self, fresh: dict[str, list[Said]], known: dict[str, Known], touched: set[int], data_keys: Any, files: Any
    ) -> None:
        for key, versions in fresh.items():
            record_id, customer_id = known[key]
            self._lay_versions(versions, record_id, data_keys[record_id], files[self.root_of[customer_id]])
        self._bring_back(files)
        for root_id in touched:
            self._change_card(files[root_id])

    def _stored_versions(self, record_ids: list[int]) -> dict[tuple[int, bytes], tuple[int, Any, Any]]:
        sql = "SELECT source_record_id, digest, id, as_of, withdrawn_at FROM customers_sourceversion WHERE source_record_id IN {values}"
        return {
            (record, bytes(digest)): (version, stored.moment(as_of), withdrawn)
            for record, digest, version, as_of, withdrawn in bulk.fetch_in(sql, record_ids)
        }

    def _again(self, said: Said, before: tuple[int, Any, Any], record_id: int) -> bool:
        """A stored version said again: note the sighting; true when that changes the version (revived, or later)."""
        said.version_id, as_of, withdrawn = before
        self.made.sightings.append((said.version_id, self.run_id, said.row_no, said.as_of))
        if withdrawn is None and as_of >= said.as_of:
            return False
        self.moved[said.version_id] = said.as_of
        self.made.revived.append((said.version_id, said.as_of, None))
        if withdrawn is not None:
            self.back.append(said.version_id)
            self.come.add(said.version_id)
            self.made.lookups += [(kind, digest, record_id) for kind, digest in said.normalized.lookups]
        return True

    def _sight_stored(self) -> None:
        """A version this run already saw in an earlier batch moves its moment forward instead of being said twice."""
        rows = {row[0]: row for row in self.made.sightings}
        sql = "SELECT version_id, as_of FROM customers_sighting WHERE run_id = %s AND version_id IN {values}"
        for version_id, as_of in bulk.fetch_in(sql, rows, params=[self.run_id]):
            if rows[version_id][3] > stored.moment(as_of):
                self.made.later_sightings.append((version_id, self.run_id, rows[version_id][3]))

    def _lay_versions(self, fresh: list[Said], record_id: int, data_key: Any, file: Any) -> None:
        """Tuples of new versions of a record; `file` is the open file they join (None for a customer of their own)."""
        for said in fresh:
            draft = said.draft
            if draft is not None and draft.record_id == record_id:
                said.version_id = draft.version_id
                sealed = draft.sealed
            else:
                said.version_id = next(self.version_ids)
                sealed = sealed_part(said, record_id, data_key)
            as_of = self._cell(said.as_of)
            row = (said.version_id, record_id, said.digest, as_of, said.text, sealed, None, self.at_cell)
            self.made.versions.append(row)
            self.made.sightings.append((said.version_id, self.run_id, said.row_no, said.as_of))
            self.made.lookups += [(kind, digest, record_id) for kind, digest in said.normalized.lookups]
            if file is not None:
                self.come.add(said.version_id)
                file.versions.append(with_verdicts(as_live(said, record_id, self.source), file.acts))

    def _change_card(self, file: Any) -> None:
        file.versions = [replace(v, as_of=self.moved[v.id]) if v.id in self.moved else v for v in file.versions]
        columns = cards.columns_of(file.versions, file.card["kind"])
        self.made.guard.setdefault(file.root_id, file.change_seq)
        least = min(file.versions, key=lambda v: v.id, default=None)
        if file.is_archived:
            self.made.taken_out[file.root_id] = least and least.source_id
        elif least is not None and least.id in self.come:
            self.made.first_sources.append((file.root_id, least.source_id, self.at))
        if file.is_archived:
            self.made.changed_cards.append((file.root_id, *(columns[c] for c in cards.COLUMNS), None, self.at))
        elif changed := {c for c in cards.COLUMNS if columns[c] != file.card[c]}:
            written = next(some for some in _WRITTEN if changed.issubset(some))
            row = (file.root_id, *(columns[c] for c in written), self.at)
            self.made.part_cards.setdefault(written, []).append(row)
            if "name" in changed:
                self.made.renamed.add(file.root_id)

    def _bring_back(self, files: Any) -> None:
        """Versions that were withdrawn and are said again stand on their files again."""
        for root_id, version in cards.withdrawn_versions(self.back):
            files[root_id].versions.append(version)

    def _joined(
        self, said: Any, joined: dict[str, tuple[int, str]], record_of: dict[str, int], data_keys: Any, files: Any
    ) -> None:
        for key, (root_id, why) in joined.items():
            record_id = record_of[key]
            self.made.records.append((record_id, self.source[0], key, root_id, self.at_cell))
            self.made.links.append((ids.take("link")[0], record_id, None, root_id, why, self.run_id, self.at))
            self._lay_versions(list(said[key].values()), record_id, data_keys.get(record_id), files[root_id])
            self._change_card(files[root_id])

    def _new(
        self, said: dict[str, dict[bytes, Said]], fresh: list[str], record_of: dict[str, int], data_keys: Any
    ) -> None:
        numbers, addresses = ids.take("customer", len(fresh)), chance.public_ids(len(fresh))
        for key, customer_id, public_id in zip(fresh, numbers, addresses, strict=True):
            record_id, versions = record_of[key], list(said[key].values())
            number, kind = self._number(customer_id, versions[0]), versions[0].kind
            self.made.customers.append((customer_id, public_id, number, kind, customer_id, True, self.at_cell))
            self.made.records.append((record_id, self.source[0], key, customer_id, self.at_cell))
            self._lay_versions(versions, record_id, data_keys.get(record_id), None)
            if (draft := self.drafts.get(key)) is not None:
                card: Sequence[Any] = draft.card
                self.made.name_tokens[draft.card[_NAME]] = draft.tokens
            else:
                columns = self._columns(versions, record_id, kind)
                card = [bulk.as_stored(columns[name]) for name in cards.COLUMNS]
            self.made.new_cards.append(derived_card_row(customer_id, number, card, self.source[0], self.at_cell))

    def _columns(self, versions: list[Said], record_id: int, kind: str) -> dict[str, Any]:
        """The columns of a new customer's card."""
        if len(versions) == 1:
            return cards.columns_of_one(versions[0].version_id, versions[0].normalized.facts, kind)
        return cards.columns_of([as_live(v, record_id, self.source) for v in versions], kind)

    def _number(self, customer_id: int, said: Said) -> str:
        # Only a pattern of the merchant's asks where somebody lives; facts that crossed a pipe are not read for the usual one.
        province = str(said.normalized.facts.get("province", "")) if self.schemes.patterns else ""
        return self.schemes.number(customer_id, said.kind, self.at, source_id=self.source[0], province=province)

    def _count(self, keys: list[str | None], known: dict[str, Known], joined: dict[str, Any]) -> None:
        """Each statement counts once: the first of a new key is new, repeats of the batch are unchanged."""
        written = {row[1] for row in self.made.versions}
        seen: set[str] = set()
        for key in keys:
            if key is None:
                continue
            if key in seen:
                self.tally.unchanged += 1
            elif key in joined:
                self.tally.joined += 1
            elif key not in known:
                self.tally.new += 1
            elif known[key][0] in written:
                self.tally.updated += 1
            else:
                self.tally.unchanged += 1
            seen.add(key)


def _drafts_of(said: dict[str, dict[bytes, Said]], new: list[str]) -> dict[str, Laid]:
    """What was drafted for new keys. Where a key is said in several ways at once the draft of one does not do."""
    drafts = ((key, next(iter(said[key].values())).draft) for key in new if len(said[key]) == 1)
    return {key: draft for key, draft in drafts if draft is not None}
