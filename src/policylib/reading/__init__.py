"""Reading what a document says about itself and others (文件自述的提取), from plain text or Markdown."""

from policylib.reading.extract import Extracted, extract

__all__ = ["Extracted", "extract"]
