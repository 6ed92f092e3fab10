"""The German spaCy pipeline and the sentence encoder."""
