"""Make a release: the steps, the version number, the changes, and what stands beside the releases."""

from esco_kg.release.request import Request
from esco_kg.release.steps import Outcome, Stage, make_release

__all__ = ["Outcome", "Request", "Stage", "make_release"]
