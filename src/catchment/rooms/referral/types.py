"""The words of referral."""

from enum import StrEnum


class State(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SENT = "sent"
    INFORMATION_REQUESTED = "information-requested"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    ANSWERED = "answered"
    TAKEN_OVER = "taken-over"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class AdviceState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    CONVERTED = "converted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Direction(StrEnum):
    """From the sender's place in the ladder; `out` leaves the network."""

    UP = "up"
    DOWN = "down"
    ACROSS = "across"
    OUT = "out"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"


class Side(StrEnum):
    """Where an actor stands: who sends, who receives, the system by itself."""

    SENDER = "sender"
    RECEIVER = "receiver"
    SYSTEM = "system"


class MessageKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    PHONE = "phone"
    NOTE = "note"


LIVE_STATES = (State.SENT, State.INFORMATION_REQUESTED, State.ACCEPTED, State.ARRIVED, State.ANSWERED)
