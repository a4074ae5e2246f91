"""What all topics of the schema share: errors, permissions, the choice of a channel."""
