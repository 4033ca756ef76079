"""Finding documents: an index that is a cache of the store, and can always be thrown away.

``query`` has the values that go in and out, ``entry`` what is indexed of a document, ``analysis``
and ``segmenter`` turn text into terms, ``segments`` keeps postings on disk (Whoosh), ``engine``
matches and ranks, ``snippet`` shows why. ``scan`` is the slow oracle the engine is tested against.
"""
