"""A release on disk: written aside and renamed, its manifest and signature, reading it back, verifying it."""
