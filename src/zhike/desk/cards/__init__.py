"""The three cards of a customer and the bag of their documents: what stands on them, for whom, in which order."""

from zhike.desk.cards.building import Subject, card, closed_subject, subject_of
from zhike.desk.cards.reader import Reader

__all__ = ["Reader", "Subject", "card", "closed_subject", "subject_of"]
