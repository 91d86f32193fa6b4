"""Why a typed value cannot stand, in words: what is wrong and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

_TEXTS: dict[str, Promise] = {
    "phone.blank": _("Type a phone number, or leave the field empty to clear it."),
    "phone.invalid": _("This is no phone number. Check the digits; foreign numbers begin with + and the country."),
    "phone.local_only": _("The area code is missing, such as 0571."),
    "phone.masked": _("This is a masked number. Enter it in full."),
    "phone.several": _("These are several numbers. Enter one here and another as “Other phone”."),
    "email.blank": _("Type an e-mail address, or leave the field empty to clear it."),
    "email.invalid": _("This is no e-mail address."),
    "email.masked": _("This is a masked address. Enter it in full."),
    "email.several": _("These are several addresses. Enter one."),
    "email.too_long": _("The address is too long."),
    "person.blank": _("Type a name, or leave the field empty to clear it."),
    "person.masked": _("This is a masked name. Enter it in full."),
    "person.no_letters": _("A name has letters or characters."),
    "person.too_long": _("The name is too long."),
    "address.blank": _("Type an address, or leave the field empty to clear it."),
    "address.too_long": _("The address is too long."),
    "moment.unreadable": _("This is no date. Write it as 2026-03-01."),
    "moment.impossible": _("There is no such day."),
    "moment.ambiguous": _("Day and month cannot be told apart. Write it as 2026-03-01."),
    "moment.out_of_range": _("This day is too far away."),
    "sex.unknown": _("Choose one of the answers."),
    "text.masked": _("This is masked. Enter it in full."),
    "text.identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it in its own field, where it is sealed."
    ),
    "choice.unknown": _("Choose one of the answers."),
    "number.bad": _("This is no number. Write it as 12.5."),
    "list.too_many": _("These are too many (at most %(limit)s)."),
    "text.too_long": _("The text is too long (at most %(limit)s characters)."),
    "merge.same": _("These two are one file already; somebody may have been faster."),
    "merge.kinds": _("One is a person, the other a company. Say so if they really are one."),
    "merge.archived": _("One of the files is archived: no source speaks of it any more."),
    "merge.erased": _("One of these people was erased on request. Nothing is left to merge or take apart."),
    "merge.undone": _("This merge was taken apart already."),
    "merge.unknown": _("There is no such merge."),
    "merge.two_verified": _("Both were confirmed by contact: only a person may join them."),
    "move.same": _("The record stands on this file already."),
    "move.only": _("The record is all this file holds; it has a file of its own already."),
    "move.house": _("What staff entered stays with its file."),
    "move.erased": _("One of these people was erased on request. Nothing can be moved there."),
    "move.undone": _("This move was taken back already."),
    "move.unknown": _("There is no such record or move."),
    "consent.purpose": _("There is no such purpose, or it was put away."),
    "consent.way": _("Say how the customer answered."),
    "consent.future": _("This day is still to come."),
    "consent.day": _("This is no date. Write it as 2026-03-01."),
    "consent.until": _("The last day must come after the day of the answer."),
    "consent.notice": _("Before anybody can agree, a notice has to be written."),
    "consent.evidence": _("What proves it takes at most 2,000 characters."),
    "consent.attachment": _("This attachment is no longer on the file."),
    "consent.group": _("The files of this customer have changed meanwhile. Look again."),
    "field.unknown": _("This field cannot be entered by hand."),
    "amount.invalid": _("This is no amount. Write it as 12.50."),
    "amount.ambiguous": _("This amount can be read in two ways. Write it as 1234.50."),
    "amount.absurd": _("This amount is too large."),
    "uscc.malformed": _("A unified social credit code has 18 characters."),
    "uscc.check_digit": _("The last character does not fit the others; check the code."),
    "unchanged": _("This is what the file shows already."),
    "contact.way": _("Choose the way of the contact."),
    "contact.outcome": _("Choose the result of the contact."),
    "contact.step": _("Choose one of the five steps before the sale, or none."),
    "contact.cost": _("The cost cannot be negative."),
    "contact.future": _("A contact lies in the past. Plan the next step instead."),
    "contact.note_too_long": _("The note is too long (at most 4,000 characters)."),
    "contact.date": _("This is no date."),
    "stop.empty": _("Choose a reason, write what was found out, or set a day to look again."),
    "stop.unknown": _("Choose one of the reasons offered."),
    "stop.future": _("What was found out lies in the past. Set the day to look again instead."),
    "stop.identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it in its own field, where it is sealed."
    ),
    "stop.too_long": _("The text is too long (at most 400 characters)."),
    "stop.name": _("A reason needs a name in both languages: at most 40 Chinese and 60 Latin characters."),
    "stop.too_many": _("There are as many reasons as there can be. Put one away or rename it."),
    "paper.too_long": _("Shelf, volume and leaf have at most 24 characters each; what is missing at most 60."),
    "paper.identifier": _("A phone or card number is no place. Enter it in its own field, where it is sealed."),
    "paper.no_place": _("Say first where the paper file stands."),
    "file_view.unknown": _("One of the values is not allowed."),
    "file_view.groups": _("Give at least one group a place."),
    "file_view.panes": _("Give every pane a place."),
    "flow.kind": _("Only the file of a company tells where its goods go."),
    "flow.empty": _("Name the buyer or market, and the product."),
    "flow.too_long": _("This is too long."),
    "flow.identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it in its own field, where it is sealed."
    ),
    "flow.quantity": _("Enter a quantity above 0, like 120 or 12.5."),
    "flow.channel": _("Choose one of the channels offered."),
    "flow.future": _("The order lies in the past."),
    "flow.many": _("More than 2,000 rows are not kept on one file."),
    "flow.unknown": _("This row is gone already."),
    "flow.date": _("This is no date."),
    "link.itself": _("A file is not linked to itself."),
    "link.kinds": _(
        "These two cannot be linked so: contacts and principals are persons of an organization, and companies stand below companies."
    ),
    "link.cycle": _("This company stands below the other already; a company is never above itself."),
    "link.has_parent": _("The company has a parent company already. End that link first."),
    "link.there": _("These two are linked so already."),
    "link.roles": _("Choose from the roles offered."),
    "link.identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it in its own field, where it is sealed."
    ),
    "link.many": _("More than 200 links of one kind are not kept."),
    "link.gone": _("This link is ended already."),
    "link.date": _("This is no date."),
    "file.empty": _("Choose a file."),
    "file.too_large": _("The file is larger than 20 MB."),
    "file.type": _("This kind of file is not taken: PDF, pictures, Word, Excel, PowerPoint and plain text are."),
    "file.macros": _("The document holds macros or programs. Save it without them."),
    "file.damaged": _("The file is damaged."),
    "file.too_many": _("A file holds at most 200 attachments."),
    "file.kind": _("Choose what it is."),
    "file.identifier": _("A phone, e-mail or card number stands in the title. Leave it out."),
    "pattern.parts": _("Only {kind}, {region}, {year}, {serial} and {check} are known."),
    "pattern.letters": _("Besides the parts, capital letters, digits and hyphens may stand."),
    "pattern.start": _("A number begins with a letter."),
    "pattern.serial": _("{serial} stands once, after every other digit, with a letter or hyphen before it."),
    "pattern.long": _("The numbers would be longer than 24 characters."),
    "closed_already": _("A colleague has closed this entry already."),
    "unknown_task": _("There is no such open task any more."),
    "unknown_outcome": _("Choose what came of it."),
    "done_elsewhere": _("This task is closed where it is done: open it there."),
}


def words(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code; an unknown one says so with its code, so that it can be looked up."""
    text = _TEXTS.get(code)
    if text is None:
        return _now("This cannot be kept (%(code)s).") % {"code": code}
    return str(text) % dict(params) if params else str(text).replace(" (%(limit)s)", "")
