"""Everything the staff of the demo shop did before anybody looked: one act after the other, for the page and the command alike."""

from collections.abc import Mapping

from zhike.desk.demo import answers, boards, calls, consents, file_details, leads, letters, market, staff_work
from zhike.secure.records import Viewer


def let_staff_work(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """Owners, tags, edits, contacts, segments, letters, the market, questions asked, leads followed; how many contacts were noted.

    `staff`: role code → staff id; empty where practice accounts would open the files of real customers.
    """
    staff_work.give_owners_and_tags(staff, by=by)
    contacts = staff_work.keep_the_files(staff, seed, by=by)
    file_details.tell_of_companies(staff, seed, by=by)
    segments = staff_work.draw_segments(staff)
    boards.lay_out(staff)
    letters.write_letters(staff)
    market.part_the_market(staff, segments)
    market.qualify(staff, segments)
    calls.ask_some(staff, seed, by=by)
    calls.visit_some(staff, by=by)
    leads.follow_leads(staff, seed, by=by)
    calls.ask_regularly(staff)
    leads.trace_those_who_stopped(staff, by=by)
    consents.ask_some(staff, seed, by=by)
    answers.answer_a_survey(seed, by=by)
    return contacts
