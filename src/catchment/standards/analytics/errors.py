"""What can be wrong with an engine; light enough to import where no engine is needed."""


class EngineError(RuntimeError):
    """An engine that cannot be used here; the message says what is lacking and how to get it."""
