"""The batched descent and what is computed of it. No Qt."""
