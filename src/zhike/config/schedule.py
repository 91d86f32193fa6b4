"""What runs by the clock, in the shop's time zone; a night missed runs after the restart."""

from zhike.kit.jobs.schedule import Nightly

ENTRIES = [
    Nightly("customers.derive_all", at="02:10"),
    Nightly("customers.lapse_consents", at="00:05"),
    Nightly("clean.draw_verifications", at="03:05"),
    Nightly("analyze.nightly", at="02:30"),
    Nightly("analyze.refresh_segments", at="02:50"),
    Nightly("clean.qualify_nightly", at="03:05"),
    Nightly("collect.forget_files", at="03:10"),
    Nightly("collect.count_sources", at="03:15"),
    Nightly("secure.sweep", at="03:20"),
    Nightly("clean.draw_truth_checks", at="03:20"),
    Nightly("clean.find_duplicates", at="03:30"),
    Nightly("api.sweep", at="03:25"),
    Nightly("clean.review_files", at="03:05"),
    Nightly("clean.measure_quality", at="03:30"),
    Nightly("protect.nightly_keeping", at="03:35"),
    Nightly("protect.draw_disclosures", at="03:35"),
    Nightly("kit.sweep", at="03:40"),
    Nightly("analyze.compact", at="04:10"),
    Nightly("protect.drill", at="04:40"),
    Nightly("shop.remind_contracts", at="06:10"),
    Nightly("credit.review", at="06:15"),
]
