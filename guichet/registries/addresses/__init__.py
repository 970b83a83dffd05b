"""The national address base: suggestions as one types, each with its commune's INSEE code."""
