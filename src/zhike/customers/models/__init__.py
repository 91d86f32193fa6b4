"""Tables of the customers module; private to it."""

from zhike.customers.models.attachment import Attachment
from zhike.customers.models.card import CustomerCard
from zhike.customers.models.charge import ChargeChange, FileCharge, FileReview
from zhike.customers.models.contact_record import ContactRecord
from zhike.customers.models.customer import Customer
from zhike.customers.models.link import Link
from zhike.customers.models.lookup import Lookup, NameToken
from zhike.customers.models.loss_reason import LossReason
from zhike.customers.models.market_flow import MarketFlow
from zhike.customers.models.merge import Merge, Standing
from zhike.customers.models.metric import Metric
from zhike.customers.models.numbering import NumberingScheme
from zhike.customers.models.old_card import OldCard
from zhike.customers.models.paper_file import PaperFile
from zhike.customers.models.relation import Relation
from zhike.customers.models.segment import Segment, SegmentMember, SegmentRun, SegmentUse, SegmentVersion
from zhike.customers.models.source import Source, SourceCost
from zhike.customers.models.source_record import Sighting, SourceRecord, SourceVersion
from zhike.customers.models.stage_move import StageMove
from zhike.customers.models.stopping import StopReason, StopTrace
from zhike.customers.models.tag import CustomerTag, Tag
from zhike.customers.models.verification import Derivation, Verification, VerifiedStatement

__all__ = [
    "Attachment",
    "ChargeChange",
    "ContactRecord",
    "Customer",
    "CustomerCard",
    "CustomerTag",
    "Derivation",
    "FileCharge",
    "FileReview",
    "Link",
    "Lookup",
    "LossReason",
    "MarketFlow",
    "Merge",
    "Metric",
    "NameToken",
    "NumberingScheme",
    "OldCard",
    "PaperFile",
    "Relation",
    "Segment",
    "SegmentMember",
    "SegmentRun",
    "SegmentUse",
    "SegmentVersion",
    "Sighting",
    "Source",
    "SourceCost",
    "SourceRecord",
    "SourceVersion",
    "StageMove",
    "Standing",
    "StopReason",
    "StopTrace",
    "Tag",
    "Verification",
    "VerifiedStatement",
]
